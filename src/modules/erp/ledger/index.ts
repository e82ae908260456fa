import { Knex } from "@medusajs/framework/mikro-orm/knex"
import { Ledger } from "../../../engine/ports"
import { catchUp } from "./catch-up"
import { connections } from "./connections"
import { cursors } from "./cursors"
import { demand } from "./demand"
import { differenceListing } from "./difference-listing"
import { differences } from "./differences"
import { dirty } from "./dirty"
import { elements } from "./elements"
import { exclusively } from "./exclusively"
import { guards } from "./guards"
import { health } from "./health"
import { hooks } from "./hooks"
import { journal } from "./journal"
import { journalListing } from "./journal-listing"
import { linkDecisions } from "./link-decisions"
import { linkPatches } from "./link-patches"
import { linkedRecords } from "./linked-records"
import { links } from "./links"
import { parked } from "./parked"
import { parkedListing } from "./parked-listing"
import { runListing } from "./run-listing"
import { runs } from "./runs"
import { createSql, Tx } from "./sql"
import { streamRuns } from "./stream-runs"
import { searching } from "./searching"
import { sweepMarks } from "./sweep-marks"
import { upkeep } from "./upkeep"

export type { ParkedMove } from "./approve-moves"
export type { ConfiguredConnection } from "./connections"
export { isUndefinedTable } from "./database-errors"
export type { AcknowledgedDemand } from "./demand"
export type { ApprovalFilter } from "./guards"
export type { DifferenceFilter, DifferenceRow } from "./difference-listing"
export type { HookRow } from "./hooks"
export type { HandLink, LinkField, LinkOfConnection } from "./link-decisions"
export type { InstanceRow, LedgerHealth, StreamHealth } from "./health"
export type { LinkedRecord } from "./linked-records"
export type { ParkedRow } from "./parked-listing"
export type { JournalFilter, JournalRow } from "./journal-listing"
export type { PageFilter } from "./run-listing"
export type { DirtyRow } from "./searching"
export type { StreamRuns } from "./stream-runs"
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
    ...elements(sql),
    ...sweepMarks(sql),
    ...linkDecisions(sql),
    ...searching(sql),
    ...dirty(sql),
    ...differences(sql),
    ...differenceListing(sql),
    ...parked(sql),
    ...journal(sql),
    ...journalListing(sql),
    ...hooks(sql),
    ...guards(sql),
    ...demand(sql),
    ...cursors(sql),
    ...catchUp(sql),
    ...runs(sql),
    ...runListing(sql),
    ...streamRuns(sql),
    ...parkedListing(sql),
    ...linkedRecords(sql),
    ...health(sql),
    ...upkeep(sql),
  } satisfies Ledger<Tx>
}

export type ErpLedger = ReturnType<typeof createLedger>
