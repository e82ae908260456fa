import { medusaIntegrationTestRunner } from "@medusajs/test-utils"
import { join } from "node:path"
import { categoryTests } from "./catalog-categories"
import { configTests } from "./catalog-config"
import { creationTests } from "./catalog-creation"
import { eventTests } from "./catalog-events"
import { openStore, TestStore } from "./catalog-fixtures"
import { healingTests } from "./catalog-healing"
import { nativeTests } from "./catalog-native"
import { seedStore } from "./catalog-seed"
import { stockTests } from "./catalog-stock"
import { structureTests } from "./catalog-structure"
import { valueTests } from "./catalog-values"

jest.setTimeout(120_000)

medusaIntegrationTestRunner({
  medusaConfigFile: join(__dirname, "catalog-store"),
  inApp: true,
  testSuite: ({ api, getContainer, dbConfig }) => {
    const store = (): TestStore => openStore(getContainer(), dbConfig.clientUrl)

    beforeAll(() => seedStore(getContainer()))

    describe("creation", () => creationTests(store))
    describe("healing", () => healingTests(store))
    describe("categories", () => categoryTests(store))
    describe("values", () => valueTests(store))
    describe("structure", () => structureTests(store))
    describe("stock", () => stockTests(store, api))
    describe("events", () => eventTests(store))
    describe("native writer", () => nativeTests(store))
    describe("configuration", () => configTests(store))
  },
})
