import { medusaIntegrationTestRunner } from "@medusajs/test-utils"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { runtimeOf } from "../../src/runtime"
import { accessTests } from "./api-access"
import { conflictTests } from "./api-conflicts"
import { explainTests } from "./api-explain"
import { hookTests } from "./api-hooks"
import { journalTests } from "./api-journal"
import { linkTests } from "./api-links"
import { noticeTests } from "./api-notices"
import { openFieldTests } from "./api-open-fields"
import { previewTests } from "./api-preview"
import { seedStore } from "./sync-seed"
import { ErpHost, stageOf } from "./sync-stage"

jest.setTimeout(120_000)

const host = new ErpHost()
const configured = new Map<string, ConnectionOptions>()

beforeAll(() => host.begin())
afterAll(() => host.end())

medusaIntegrationTestRunner({
  inApp: true,
  testSuite: ({ getContainer, dbConfig, api }) => {
    const store = () => ({ container: getContainer(), databaseUrl: dbConfig.clientUrl, api })
    const open = stageOf(store, host, configured)

    beforeAll(() => seedStore(getContainer()))
    afterEach(async () => {
      await (await runtimeOf(getContainer())).drain.untilIdle()
    })

    describe("access", () => accessTests(open))
    describe("what stands open", () => openFieldTests(open))
    describe("conflicts", () => conflictTests(open))
    describe("the journal", () => journalTests(open))
    describe("links", () => linkTests(open))
    describe("explaining", () => explainTests(open))
    describe("preview", () => previewTests(open))
    describe("the ERP's calls", () => hookTests(open))
    describe("notices", () => noticeTests(open))
  },
})
