-- A database as the first migration leaves it, with links, bases, intents and cursors of a store at work.

create sequence if not exists "erp_seq" as bigint;
create table "erp_connection" (
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
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null);
create table "erp_cursor" (
  "connection_id" text not null,
  "stream" text not null,
  "value" jsonb not null,
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null,
  primary key ("connection_id", "stream"));
create table "erp_link" (
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
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null) with (fillfactor = 80);
create unique index "IDX_erp_link_connection_id_entity_erp_id_unique"
  on "erp_link" ("connection_id", "entity", "erp_id");
create unique index "IDX_erp_link_connection_id_entity_medusa_id_unique"
  on "erp_link" ("connection_id", "entity", "medusa_id") where "state" <> 'tombstone';
create index "IDX_erp_link_connection_id_parent_erp_id"
  on "erp_link" ("connection_id", "parent_erp_id") where "parent_erp_id" is not null;
create index "IDX_erp_link_medusa_id" on "erp_link" ("medusa_id");
create table "erp_dirty" (
  "connection_id" text not null,
  "stream" text not null,
  "erp_id" text not null,
  "generation" bigint not null,
  "due_at" timestamptz not null,
  "reason" text not null,
  "claims" integer not null default 0,
  "lease_owner" text null,
  "lease_until" timestamptz null,
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null,
  primary key ("connection_id", "stream", "erp_id")) with (fillfactor = 70);
create index "IDX_erp_dirty_due"
  on "erp_dirty" (("connection_id" || ':' || "stream"), "due_at");
create table "erp_run" (
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
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null);
create unique index "IDX_erp_run_connection_id_lane_unique"
  on "erp_run" ("connection_id", "lane") where "state" = 'running';
create index "IDX_erp_run_connection_id_created_at"
  on "erp_run" ("connection_id", "created_at");
create index "IDX_erp_run_finished_at"
  on "erp_run" ("finished_at") where "finished_at" is not null;
create table "erp_sweep" (
  "run_id" text not null,
  "entity" text not null,
  "erp_id" text not null,
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null,
  primary key ("run_id", "entity", "erp_id"));
create table "erp_parked" (
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
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null);
create unique index "IDX_erp_parked_record_unique"
  on "erp_parked" ("connection_id", "stream", "entity", "erp_id", "field");
create index "IDX_erp_parked_waits_for"
  on "erp_parked" ("connection_id", "waits_for_entity", "waits_for_erp_id")
  where "waits_for_erp_id" is not null;
create index "IDX_erp_parked_connection_id_looked_at"
  on "erp_parked" ("connection_id", "looked_at");
create table "erp_conflict" (
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
  "deleted_at" timestamptz null);
create unique index "IDX_erp_conflict_link_id_field_unique"
  on "erp_conflict" ("link_id", "field") where "state" = 'open';
create table "erp_journal" (
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
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null);
create index "IDX_erp_journal_connection_id_entity_erp_id"
  on "erp_journal" ("connection_id", "entity", "erp_id");
create index "IDX_erp_journal_medusa_id" on "erp_journal" ("medusa_id");
create index "IDX_erp_journal_created_at" on "erp_journal" ("created_at");
create table "erp_demand" (
  "connection_id" text not null,
  "line_item_id" text not null,
  "inventory_item_id" text not null,
  "location_id" text not null,
  "kind" text not null check ("kind" in ('reserved', 'issued')),
  "quantity" text null,
  "known_at" timestamptz not null,
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null,
  primary key ("connection_id", "line_item_id", "inventory_item_id", "location_id", "kind"));
create index "IDX_erp_demand_pair"
  on "erp_demand" ("connection_id", "inventory_item_id", "location_id");
create table "erp_event" (
  "id" text primary key,
  "group_id" text not null,
  "name" text not null,
  "data" jsonb not null,
  "tried_at" timestamptz null,
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null);
create table "erp_instance" (
  "id" text primary key,
  "mode" text not null,
  "host" text not null,
  "started_at" timestamptz not null,
  "last_tick_at" timestamptz null,
  "last_claim_at" timestamptz null,
  "created_at" timestamptz not null default now(),
  "updated_at" timestamptz not null default now(),
  "deleted_at" timestamptz null);

create table "mikro_orm_migrations" (
  "id" serial primary key, "name" varchar(255), "executed_at" timestamptz default current_timestamp);
insert into "mikro_orm_migrations" ("name") values ('Migration20261124061854_erp');

insert into "erp_connection" ("id", "erp", "approved_at", "linked_at", "identity") values
  ('odoo-main', 'odoo', '2026-11-01T10:00:00Z', '2026-11-01T10:01:00Z', '{"fingerprint": "uuid"}');
insert into "erp_cursor" ("connection_id", "stream", "value") values
  ('odoo-main', 'products', '{"hi": "2026-11-20 09:00:00", "last": 41}');
insert into "erp_link" (
  "id", "connection_id", "entity", "erp_id", "parent_erp_id", "medusa_id", "state", "base_erp",
  "base_medusa", "fingerprint", "content_hash", "version", "intents", "replaced", "kept",
  "match_key", "seq", "stock_seq") values
  ('elnk_00000000000001', 'odoo-main', 'product', '41', null, 'prod_1', 'linked',
   '{"title": "Lamp", "description": null}', '{"title": "Lamp", "description": null}', 'f1',
   '{"products": "h1"}', '{"products": "2026-11-20"}', '{}',
   '{"title": {"at": "2026-11-19T10:00:00Z", "value": "Old lamp"}}', '{}', null, 1, 2),
  ('elnk_00000000000002', 'odoo-main', 'variant', '51', '41', 'variant_1', 'linked',
   '{"sku": "LAMP"}', '{"sku": "LAMP"}', 'f1', '{}', '{}',
   '{"sku": {"source": "erp", "source_value": "L", "target_value": "L", "replaced_value": "LAMP",
     "target_version": null, "at": "2026-11-19T10:00:00Z"}}', '{}', '{}', '7:8', 3, 4),
  ('elnk_00000000000003', 'odoo-main', 'product', '42', null, 'prod_2', 'tombstone', '{}', '{}',
   'f1', '{}', '{}', '{}', '{}', '{}', null, 5, 6);
insert into "erp_dirty" ("connection_id", "stream", "erp_id", "generation", "due_at", "reason")
  values ('odoo-main', 'products', '41', 7, '2026-11-20T10:00:00Z', 'edited_in_medusa');
insert into "erp_parked" (
  "id", "connection_id", "stream", "entity", "erp_id", "field", "key", "reason", "message",
  "remedy", "looked_at") values
  ('eprk_00000000000001', 'odoo-main', 'products', 'product', '43', 'title', '43', 'invalid',
   'It is empty.', 'Correct it.', '2026-11-20T10:00:00Z');
insert into "erp_run" (
  "id", "connection_id", "kind", "lane", "streams", "state", "counters", "finished_at") values
  ('erun_00000000000001', 'odoo-main', 'full', 'background', '{products}', 'completed',
   '{"read": 2}', '2026-11-01T11:00:00Z');
insert into "erp_journal" (
  "id", "connection_id", "entity", "erp_id", "field", "side", "kind", "from_value", "to_value",
  "rule") values
  ('ejrn_00000000000001', 'odoo-main', 'product', '41', 'title', 'medusa', 'write', '"Old lamp"',
   '"Lamp"', 'erp_changed');
select setval('erp_seq', 100);
