import { medusaIntegrationTestRunner } from "@medusajs/test-utils"
import { join } from "node:path"
import { openStore } from "./catalog-fixtures"
import { creationTests } from "./catalog-creation"
import { valueTests } from "./catalog-values"

jest.setTimeout(120_000)

medusaIntegrationTestRunner({
  medusaConfigFile: join(__dirname, "catalog-store"),
  inApp: true,
  testSuite: ({ getContainer, dbConfig }) => {
    const store = () => openStore(getContainer(), dbConfig.clientUrl)

    describe("creation", () => creationTests(store))
    describe("values", () => valueTests(store))
  },
})
