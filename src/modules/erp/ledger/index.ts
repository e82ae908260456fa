import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Ledger } from "../../../engine/ports"
import { connections } from "./connections"
import { cursors } from "./cursors"
import { demand } from "./demand"
import { dirty } from "./dirty"
import { exclusively } from "./exclusively"
import { health } from "./health"
import { journal } from "./journal"
import { linkPatches } from "./link-patches"
import { linkedRecords } from "./linked-records"
import { links } from "./links"
import { parked } from "./parked"
import { parkedListing } from "./parked-listing"
import { runListing } from "./run-listing"
import { runs } from "./runs"
import { createSql, Tx } from "./sql"
import { sweepMarks } from "./sweep-marks"
import { upkeep } from "./upkeep"

export type { ConfiguredConnection } from "./connections"
export { isUndefinedTable } from "./database-errors"
export type { AcknowledgedDemand } from "./demand"
export type { InstanceRow, LedgerHealth, StreamHealth } from "./health"
export type { LinkedRecord } from "./linked-records"
export type { ParkedRow } from "./parked-listing"
export type { JournalRow, PageFilter } from "./run-listing"
export type { InstanceBeat, Retention } from "./upkeep"
export type { Tx } from "./sql"

/**
 * The tables of the module `erp`: what the engine needs of them, and what the control room lists.
 * All times are the database's; every change of many rows is one statement.
 */
export const createLedger = (pg: Knex) => {
  const sql = createSql(pg)
  return {
    transaction: sql.transaction,
    ...exclusively(pg, sql),
    ...connections(sql),
    ...links(sql),
    ...linkPatches(sql),
    ...sweepMarks(sql),
    ...dirty(sql),
    ...parked(sql),
    ...journal(sql),
    ...demand(sql),
    ...cursors(sql),
    ...runs(sql),
    ...runListing(sql),
    ...parkedListing(sql),
    ...linkedRecords(sql),
    ...health(sql),
    ...upkeep(sql),
  } satisfies Ledger<Tx>
}

export type ErpLedger = ReturnType<typeof createLedger>
