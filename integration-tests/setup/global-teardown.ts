import { stopTestDatabase } from "./database"

/** Runs once after the suites that needed a store. */
export default async function globalTeardown(): Promise<void> {
  await stopTestDatabase()
}
