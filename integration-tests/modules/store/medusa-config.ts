import { defineConfig } from "@medusajs/framework/utils"
import { resolve } from "node:path"

/** A store with the module and its links alone: no routes, jobs or subscribers. */
module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    http: {
      storeCors: "http://localhost:8000",
      adminCors: "http://localhost:9000",
      authCors: "http://localhost:9000",
      jwtSecret: "only-for-tests",
      cookieSecret: "only-for-tests",
    },
  },
  admin: { disable: true },
  modules: [
    {
      resolve: resolve(__dirname, "../../../src/modules/erp"),
      options: {
        connections: [
          { id: "odoo-main", erp: "odoo", credentials: { url: process.env.NOT_SET_ANYWHERE } },
        ],
      },
    },
  ],
})
