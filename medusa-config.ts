import { defineConfig, loadEnv } from "@medusajs/framework/utils"

const environment = process.env.NODE_ENV ?? "development"
loadEnv(environment, process.cwd())

const withProvider = (module: string, id: string, redisUrl: string) => ({
  resolve: module,
  options: {
    providers: [{ resolve: `@medusajs/medusa/${id}`, id, is_default: true, options: { redisUrl } }],
  },
})

/** Medusa's distributed modules, for a store of several instances. */
const redisModules = (redisUrl: string) => [
  { resolve: "@medusajs/medusa/event-bus-redis", options: { redisUrl } },
  { resolve: "@medusajs/medusa/workflow-engine-redis", options: { redis: { redisUrl } } },
  withProvider("@medusajs/medusa/locking", "locking-redis", redisUrl),
  withProvider("@medusajs/medusa/caching", "caching-redis", redisUrl),
]

/** Uploaded files stay out of the repository. Medusa serves what lies in its folder `static`. */
const localFiles = () => {
  const upload_dir = process.env.FILES_DIR ?? ".cache/static"
  return { upload_dir, private_upload_dir: upload_dir, backend_url: process.env.FILES_URL }
}

/**
 * The store that this repository runs: one connection, to the Odoo that the environment names; with
 * Medusa's Redis modules where `REDIS_URL` is set. `ERP_OPTIONS`: more of its options, as JSON.
 */
module.exports = defineConfig({
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    ...(process.env.REDIS_URL ? { redisUrl: process.env.REDIS_URL } : {}),
    // Over plain http a browser would not send back a secure cookie.
    cookieOptions: { secure: false, sameSite: "lax" },
    http: {
      storeCors: process.env.STORE_CORS ?? "http://localhost:8000",
      adminCors: process.env.ADMIN_CORS ?? "http://localhost:9000",
      authCors: process.env.AUTH_CORS ?? "http://localhost:9000",
      jwtSecret: process.env.JWT_SECRET ?? "only-for-development",
      cookieSecret: process.env.COOKIE_SECRET ?? "only-for-development",
    },
  },
  admin: { disable: process.env.DISABLE_ADMIN === "true" },
  modules: [
    {
      resolve: "@medusajs/medusa/file",
      options: {
        providers: [{ resolve: "@medusajs/medusa/file-local", id: "local", options: localFiles() }],
      },
    },
    ...(process.env.REDIS_URL ? redisModules(process.env.REDIS_URL) : []),
    ...(process.env.MEDUSA_FF_TRANSLATION === "true"
      ? [{ resolve: "@medusajs/medusa/translation" }]
      : []),
    {
      resolve: "./src/modules/erp",
      options: {
        connections: [
          {
            id: "odoo-main",
            erp: "odoo",
            credentials: {
              url: process.env.ODOO_URL,
              database: process.env.ODOO_DATABASE,
              login: process.env.ODOO_LOGIN,
              password: process.env.ODOO_PASSWORD,
              api_key: process.env.ODOO_API_KEY,
            },
            push: process.env.ERP_PUSH === "true",
            create: { status: "published" },
            ...JSON.parse(process.env.ERP_OPTIONS ?? "{}"),
          },
        ],
      },
    },
  ],
})
