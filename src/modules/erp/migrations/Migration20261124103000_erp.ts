import { Migration } from "@medusajs/framework/mikro-orm/migrations"

/** Both directions: what stands open of a field, what a person decided about it, and write-back. */
export class Migration20261124103000_erp extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...DIFFERENCES, ...COLUMNS]) this.addSql(statement)
  }

  override async down(): Promise<void> {
    for (const statement of [...WITHOUT_COLUMNS, ...CONFLICTS]) this.addSql(statement)
  }
}

// The table that this one replaces was never written to.
const DIFFERENCES = [
  `drop table if exists "erp_conflict"`,
  `create table if not exists "erp_difference" (
    "connection_id" text not null,
    "link_id" text not null,
    "field" text not null,
    "entity" text not null,
    "kind" text not null check ("kind" in ('drift', 'pending', 'conflict')),
    "reason" text not null,
    "message" text null,
    "erp_value" jsonb null,
    "medusa_value" jsonb null,
    "created_at" timestamptz not null default now(),
    "updated_at" timestamptz not null default now(),
    "deleted_at" timestamptz null,
    primary key ("link_id", "field"))`,
  `create index if not exists "IDX_erp_difference_connection_id_kind_created_at"
    on "erp_difference" ("connection_id", "kind", "created_at")`,
  `create index if not exists "IDX_erp_difference_connection_id_kind_reason"
    on "erp_difference" ("connection_id", "kind", "reason")`,
  `create index if not exists "IDX_erp_difference_created_at"
    on "erp_difference" ("created_at")`,
]

const COLUMNS = [
  `alter table "erp_link"
    add column if not exists "owners" jsonb not null default '{}',
    add column if not exists "resolutions" jsonb not null default '{}'`,
  `create index if not exists "IDX_erp_link_creating"
    on "erp_link" ("connection_id") where "state" = 'creating'`,
  `create index if not exists "IDX_erp_link_open_intents"
    on "erp_link" ("connection_id") where "intents" <> '{}'`,
  `alter table "erp_connection"
    add column if not exists "push_approved_at" timestamptz null,
    add column if not exists "rules_fingerprint" text null,
    add column if not exists "hook_token_hash" text null,
    add column if not exists "hook_token_at" timestamptz null,
    add column if not exists "hook_counters" jsonb not null default '{}'`,
  `alter table "erp_parked" add column if not exists "ignored_at" timestamptz null`,
  `alter table "erp_run" add column if not exists "stream_started_at" timestamptz null`,
]

const WITHOUT_COLUMNS = [
  `drop table if exists "erp_difference"`,
  `drop index if exists "IDX_erp_link_creating"`,
  `drop index if exists "IDX_erp_link_open_intents"`,
  `alter table "erp_link" drop column if exists "owners", drop column if exists "resolutions"`,
  `alter table "erp_connection"
    drop column if exists "push_approved_at", drop column if exists "rules_fingerprint",
    drop column if exists "hook_token_hash",
    drop column if exists "hook_token_at", drop column if exists "hook_counters"`,
  `alter table "erp_parked" drop column if exists "ignored_at"`,
  `alter table "erp_run" drop column if exists "stream_started_at"`,
]

const CONFLICTS = [
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
    "created_at" timestamptz not null default now(),
    "updated_at" timestamptz not null default now(),
    "deleted_at" timestamptz null)`,
  `create unique index if not exists "IDX_erp_conflict_link_id_field_unique"
    on "erp_conflict" ("link_id", "field") where "state" = 'open'`,
]
