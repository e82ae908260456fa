import { medusaIntegrationTestRunner } from "@medusajs/test-utils"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { runtimeOf } from "../../src/runtime"
import { openStore } from "./catalog-fixtures"
import { catalogTranslationTests } from "./catalog-translations"
import { languageTests } from "./sync-languages"
import { seedLocales, seedStore } from "./sync-seed"
import { ErpHost, stageOf } from "./sync-stage"

jest.setTimeout(120_000)

const host = new ErpHost()
const configured = new Map<string, ConnectionOptions>()

beforeAll(() => {
  process.env.MEDUSA_FF_TRANSLATION = "true"
  return host.begin()
})
afterAll(() => {
  delete process.env.MEDUSA_FF_TRANSLATION
  return host.end()
})

/** A store with Medusa's module for translations. */
medusaIntegrationTestRunner({
  inApp: true,
  testSuite: ({ getContainer, dbConfig, api }) => {
    const store = () => ({ container: getContainer(), databaseUrl: dbConfig.clientUrl, api })
    const open = stageOf(store, host, configured)

    beforeAll(async () => {
      await seedStore(getContainer())
      await seedLocales(getContainer())
    })
    afterEach(async () => {
      await (await runtimeOf(getContainer())).drain.untilIdle()
    })

    describe("the catalog", () =>
      catalogTranslationTests(() => openStore(getContainer(), dbConfig.clientUrl)))
    describe("languages", () => languageTests(open))
  },
})
