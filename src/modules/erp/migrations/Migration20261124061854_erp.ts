import { Migration } from "@medusajs/framework/mikro-orm/migrations"

const STAMPS = `
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null`

/**
 * Written by hand: the model language has no sequence and no bigint, and it narrows every index to
 * rows that are not soft-deleted, which `on conflict` could not use. Rows of these tables are never
 * soft-deleted.
 */
export class Migration20261124061854_erp extends Migration {
  override async up(): Promise<void> {
    this.addSql(`create sequence if not exists "erp_seq" as bigint`)
    for (const statement of [...CONNECTIONS, ...LINKS, ...WORK, ...FINDINGS, ...STORE]) {
      this.addSql(statement)
    }
  }

  override async down(): Promise<void> {
    for (const table of TABLES) this.addSql(`drop table if exists "${table}" cascade`)
    this.addSql(`drop sequence if exists "erp_seq"`)
  }
}

const TABLES = [
  "erp_connection",
  "erp_cursor",
  "erp_link",
  "erp_dirty",
  "erp_run",
  "erp_sweep",
  "erp_parked",
  "erp_conflict",
  "erp_journal",
  "erp_demand",
  "erp_event",
  "erp_instance",
]

const CONNECTIONS = [
  `create table if not exists "erp_connection" (
    "id" text primary key,
    "erp" text not null,
    "state" text not null default 'active' check ("state" in ('active', 'paused')),
    "reason" jsonb null,
    "identity" jsonb null,
    "check" jsonb null,
    "checked_at" timestamptz null,
    "approved_at" timestamptz null,
    "changes_approved_until" timestamptz null,
    "linked_at" timestamptz null,
    ${STAMPS})`,
  `create table if not exists "erp_cursor" (
    "connection_id" text not null,
    "stream" text not null,
    "value" jsonb not null,
    ${STAMPS},
    primary key ("connection_id", "stream"))`,
]

// Room for updates in place: links and dirty keys change far more often than they come and go.
const LINKS = [
  `create table if not exists "erp_link" (
    "id" text primary key,
    "connection_id" text not null,
    "entity" text not null,
    "erp_id" text not null,
    "parent_erp_id" text null,
    "medusa_id" text not null,
    "state" text not null check ("state" in ('creating', 'linked', 'gone', 'tombstone')),
    "base_erp" jsonb not null default '{}',
    "base_medusa" jsonb not null default '{}',
    "fingerprint" text not null,
    "content_hash" jsonb not null default '{}',
    "version" jsonb not null default '{}',
    "intents" jsonb not null default '{}',
    "replaced" jsonb not null default '{}',
    "kept" jsonb not null default '{}',
    "match_key" text null,
    "seq" bigint not null,
    "stock_seq" bigint not null,
    "stock_read_at" timestamptz null,
    "agreed_at" timestamptz null,
    ${STAMPS}) with (fillfactor = 80)`,
  `create unique index if not exists "IDX_erp_link_connection_id_entity_erp_id_unique"
    on "erp_link" ("connection_id", "entity", "erp_id")`,
  `create unique index if not exists "IDX_erp_link_connection_id_entity_medusa_id_unique"
    on "erp_link" ("connection_id", "entity", "medusa_id") where "state" <> 'tombstone'`,
  `create index if not exists "IDX_erp_link_connection_id_parent_erp_id"
    on "erp_link" ("connection_id", "parent_erp_id") where "parent_erp_id" is not null`,
  `create index if not exists "IDX_erp_link_medusa_id" on "erp_link" ("medusa_id")`,
]

const WORK = [
  `create table if not exists "erp_dirty" (
    "connection_id" text not null,
    "stream" text not null,
    "erp_id" text not null,
    "generation" bigint not null,
    "due_at" timestamptz not null,
    "reason" text not null,
    "claims" integer not null default 0,
    "lease_owner" text null,
    "lease_until" timestamptz null,
    ${STAMPS},
    primary key ("connection_id", "stream", "erp_id")) with (fillfactor = 70)`,
  // An expression, so that this index is never taken for the primary key where statistics are stale.
  `create index if not exists "IDX_erp_dirty_due"
    on "erp_dirty" (("connection_id" || ':' || "stream"), "due_at")`,
  `create table if not exists "erp_run" (
    "id" text primary key,
    "connection_id" text not null,
    "kind" text not null check ("kind" in ('full', 'delta', 'sweep')),
    "lane" text not null check ("lane" in ('interactive', 'background')),
    "streams" text[] not null,
    "stream" text null,
    "state" text not null check ("state" in
      ('queued', 'awaiting_approval', 'running', 'completed', 'failed', 'cancelled')),
    "cursor" jsonb null,
    "done" integer not null default 0,
    "total" integer null,
    "counters" jsonb not null,
    "cancel_requested" boolean not null default false,
    "approved" boolean not null default false,
    "error" jsonb null,
    "claims" integer not null default 0,
    "lease_owner" text null,
    "lease_until" timestamptz null,
    "started_at" timestamptz null,
    "finished_at" timestamptz null,
    ${STAMPS})`,
  `create unique index if not exists "IDX_erp_run_connection_id_lane_unique"
    on "erp_run" ("connection_id", "lane") where "state" = 'running'`,
  `create index if not exists "IDX_erp_run_connection_id_created_at"
    on "erp_run" ("connection_id", "created_at")`,
  `create index if not exists "IDX_erp_run_finished_at"
    on "erp_run" ("finished_at") where "finished_at" is not null`,
  `create table if not exists "erp_sweep" (
    "run_id" text not null,
    "entity" text not null,
    "erp_id" text not null,
    ${STAMPS},
    primary key ("run_id", "entity", "erp_id"))`,
]

const FINDINGS = [
  `create table if not exists "erp_parked" (
    "id" text primary key,
    "connection_id" text not null,
    "stream" text not null,
    "entity" text not null,
    "erp_id" text not null,
    "field" text not null,
    "key" text not null,
    "reason" text not null,
    "message" text not null,
    "value" text null,
    "remedy" text not null,
    "version" text null,
    "waits_for_entity" text null,
    "waits_for_erp_id" text null,
    "looked_at" timestamptz not null,
    ${STAMPS})`,
  `create unique index if not exists "IDX_erp_parked_record_unique"
    on "erp_parked" ("connection_id", "stream", "entity", "erp_id", "field")`,
  `create index if not exists "IDX_erp_parked_waits_for"
    on "erp_parked" ("connection_id", "waits_for_entity", "waits_for_erp_id")
    where "waits_for_erp_id" is not null`,
  `create index if not exists "IDX_erp_parked_connection_id_looked_at"
    on "erp_parked" ("connection_id", "looked_at")`,
  `create table if not exists "erp_conflict" (
    "id" text primary key,
    "connection_id" text not null,
    "link_id" text not null,
    "field" text not null,
    "erp_value" jsonb null,
    "medusa_value" jsonb null,
    "state" text not null default 'open' check ("state" in ('open', 'resolved')),
    "resolution" text null,
    "resolved_at" timestamptz null,
    ${STAMPS})`,
  `create unique index if not exists "IDX_erp_conflict_link_id_field_unique"
    on "erp_conflict" ("link_id", "field") where "state" = 'open'`,
  `create table if not exists "erp_journal" (
    "id" text primary key,
    "connection_id" text not null,
    "run_id" text null,
    "entity" text not null,
    "erp_id" text not null,
    "medusa_id" text null,
    "field" text not null,
    "side" text not null check ("side" in ('erp', 'medusa')),
    "kind" text not null,
    "from_value" jsonb null,
    "to_value" jsonb null,
    "rule" text not null,
    ${STAMPS})`,
  `create index if not exists "IDX_erp_journal_connection_id_entity_erp_id"
    on "erp_journal" ("connection_id", "entity", "erp_id")`,
  `create index if not exists "IDX_erp_journal_medusa_id" on "erp_journal" ("medusa_id")`,
  `create index if not exists "IDX_erp_journal_created_at" on "erp_journal" ("created_at")`,
]

const STORE = [
  `create table if not exists "erp_demand" (
    "connection_id" text not null,
    "line_item_id" text not null,
    "inventory_item_id" text not null,
    "location_id" text not null,
    "kind" text not null check ("kind" in ('reserved', 'issued')),
    "quantity" text null,
    "known_at" timestamptz not null,
    ${STAMPS},
    primary key ("connection_id", "line_item_id", "inventory_item_id", "location_id", "kind"))`,
  `create index if not exists "IDX_erp_demand_pair"
    on "erp_demand" ("connection_id", "inventory_item_id", "location_id")`,
  `create table if not exists "erp_event" (
    "id" text primary key,
    "group_id" text not null,
    "name" text not null,
    "data" jsonb not null,
    "tried_at" timestamptz null,
    ${STAMPS})`,
  `create table if not exists "erp_instance" (
    "id" text primary key,
    "mode" text not null,
    "host" text not null,
    "started_at" timestamptz not null,
    "last_tick_at" timestamptz null,
    "last_claim_at" timestamptz null,
    ${STAMPS})`,
]
