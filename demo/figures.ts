import { Client } from "pg"
import type { Run } from "./admin-api"

/** What `--once` prints: the store's rows, and what the run cost. */
export interface Figures {
  products: number
  variants: number
  prices: number
  levels: number
  categories: number
  parked: number
  /** Records the run wrote, and events it emitted. A second run of the same catalog has none. */
  writes: number
  events: number
  /** Requests that the ERP answered. */
  requests: number
  seconds: number
}

const TABLES = {
  products: "product",
  variants: "product_variant",
  prices: "price",
  levels: "inventory_level",
  categories: "product_category",
  parked: "erp_parked",
} as const

/** Counts the store's rows in its database. */
export async function readFigures(
  databaseUrl: string,
  cost: { run: Run; requests: number; seconds: number },
): Promise<Figures> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const columns = Object.entries(TABLES).map(
      ([name, table]) =>
        `(select count(*)::int from "${table}" where deleted_at is null) as ${name}`,
    )
    const { rows } = await client.query<Record<keyof typeof TABLES, number>>(
      `select ${columns.join(", ")}`,
    )
    const [counts] = rows
    if (!counts) throw new Error("The database answered without a row.")
    return {
      ...counts,
      writes: cost.run.counters.writes ?? 0,
      events: cost.run.counters.events ?? 0,
      requests: cost.requests,
      seconds: Math.round(cost.seconds * 10) / 10,
    }
  } finally {
    await client.end()
  }
}
