/** Medusa's distributed modules, for a store of several instances. */
export const redisModules = (redisUrl: string) => [
  { resolve: "@medusajs/medusa/event-bus-redis", options: { redisUrl } },
  { resolve: "@medusajs/medusa/workflow-engine-redis", options: { redis: { redisUrl } } },
  withProvider("@medusajs/medusa/locking", "locking-redis", redisUrl),
  withProvider("@medusajs/medusa/caching", "caching-redis", redisUrl),
]

const withProvider = (module: string, id: string, redisUrl: string) => ({
  resolve: module,
  options: {
    providers: [{ resolve: `@medusajs/medusa/${id}`, id, is_default: true, options: { redisUrl } }],
  },
})
