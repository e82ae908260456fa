import { defineConfig } from "@medusajs/framework/utils"

/** A bare store: what the catalog is tested against, without the plugin around it. */
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
})
