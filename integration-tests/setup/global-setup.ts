import { startTestDatabase } from "./database"

/** Runs once before the suites that need a store. */
export default async function globalSetup(): Promise<void> {
  Object.assign(process.env, { DISABLE_ADMIN: "true", MEDUSA_DISABLE_TELEMETRY: "true" })
  process.env.LOG_LEVEL ??= "error"
  await startTestDatabase()
}
