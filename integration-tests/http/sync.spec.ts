import { medusaIntegrationTestRunner } from "@medusajs/test-utils"
import { ConnectionOptions } from "../../src/modules/erp/options"
import { runtimeOf } from "../../src/runtime"
import { apiTests } from "./api"
import { arrivalTests } from "./sync-arrival"
import { attributeTests } from "./sync-attributes"
import { badRecordTests } from "./sync-bad-input"
import { badPageTests } from "./sync-bad-pages"
import { catchUpTests } from "./sync-catch-up"
import { categoryTests } from "./sync-categories"
import { failureTests } from "./sync-failures"
import { firstLinkTests } from "./sync-first-link"
import { guardTests } from "./sync-guards"
import { identityTests } from "./sync-identity"
import { imageTests } from "./sync-images"
import { isolationTests } from "./sync-isolation"
import { lifeTests } from "./sync-life"
import { oddInputTests } from "./sync-odd-input"
import { ownershipTests } from "./sync-ownership"
import { pricelistTests } from "./sync-pricelists"
import { pushTests } from "./sync-push"
import { pushVariantTests } from "./sync-push-variants"
import { raceTests } from "./sync-races"
import { reparentedTests } from "./sync-reparented"
import { seedStore } from "./sync-seed"
import { ErpHost, stageOf } from "./sync-stage"
import { storeListTests } from "./sync-store-lists"
import { stockTests } from "./sync-stock"
import { structureTests } from "./sync-structure"
import { tagTests } from "./sync-tags"
import { translationTests } from "./sync-translations"
import { twoConnectionTests } from "./sync-two-connections"
import { upgradeTests } from "./sync-upgrade"
import { windowTests } from "./sync-windows"
import { xmlRpcTests } from "./sync-xmlrpc"

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

    describe("arrival", () => arrivalTests(open))
    describe("characteristics", () => attributeTests(open))
    describe("tags", () => tagTests(open))
    describe("isolation", () => isolationTests(open))
    describe("bad records", () => badRecordTests(open))
    describe("bad pages", () => badPageTests(open))
    describe("guards", () => guardTests(open))
    describe("reparented", () => reparentedTests(open))
    describe("odd input", () => oddInputTests(open))
    describe("write-back", () => pushTests(open))
    describe("new variants", () => pushVariantTests(open))
    describe("price lists", () => pricelistTests(open))
    describe("price lists of the store", () => storeListTests(open))
    describe("windows", () => windowTests(open))
    describe("catch-up", () => catchUpTests(open))
    describe("races", () => raceTests(open))
    describe("ownership", () => ownershipTests(open))
    describe("life", () => lifeTests(open))
    describe("categories", () => categoryTests(open))
    describe("structure", () => structureTests(open))
    describe("images", () => imageTests(open))
    describe("stock", () => stockTests(open))
    describe("first link", () => firstLinkTests(open))
    describe("identity", () => identityTests(open, host))
    describe("translations", () => translationTests(open))
    describe("two connections", () => twoConnectionTests(open))
    describe("upgrade", () => upgradeTests(open))
    describe("XML-RPC", () => xmlRpcTests(open))
    describe("failures", () => failureTests(open))
    describe("api", () => apiTests(open))
  },
})
