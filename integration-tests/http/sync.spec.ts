import { medusaIntegrationTestRunner } from "@medusajs/test-utils"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { runtimeOf } from "../../src/runtime"
import { arrivalTests } from "./sync-arrival"
import { seedStore } from "./sync-seed"
import { ErpHost, OpenStage, openStage } from "./sync-stage"

jest.setTimeout(120_000)

const host = new ErpHost()
const configured = new Map<string, ConnectionOptions>()

beforeAll(() => host.begin())
afterAll(() => host.end())

medusaIntegrationTestRunner({
  inApp: true,
  testSuite: ({ getContainer, dbConfig, api }) => {
    const open: OpenStage = (scene = {}) =>
      openStage(
        { container: getContainer(), databaseUrl: dbConfig.clientUrl, api },
        host,
        configured,
        scene,
      )

    beforeAll(() => seedStore(getContainer()))
    afterEach(async () => {
      await (await runtimeOf(getContainer())).drain.untilIdle()
    })

    describe("arrival", () => arrivalTests(open))
  },
})
