import { LINK_COLUMNS } from "../../../src/modules/erp/ledger/link-rows"
import { RUN_COLUMNS } from "../../../src/modules/erp/ledger/run-rows"
import { iso } from "../../../src/modules/erp/ledger/sql"
import { TableName } from "../store/rows"

const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`

/** The store's tables as the model in memory has them; prices, options and categories inside of their records. */
export const QUERIES: Partial<Record<TableName, string>> = {
  connections: `
    select id, erp, state, reason, identity, "check", rules_fingerprint,
      ${iso("checked_at")} as checked_at, ${iso("approved_at")} as approved_at,
      ${iso("push_approved_at")} as push_approved_at,
      ${iso("coalesce(linked_at, created_at)")} as created_at
    from erp_connection`,
  links: `
    select ${LINK_COLUMNS}, l.connection_id, ${micros("l.agreed_at")} as agreed_at
    from erp_link l order by l.id`,
  dirty: `
    select stream, erp_id, generation, reason, claims, losses, lease_owner as owner,
      ${micros("due_at")} as due_at, coalesce(${micros("lease_until")}, 0) as lease_until
    from erp_dirty order by stream, erp_id`,
  parked: `
    select stream, entity, erp_id, field, key, reason, message, value, remedy, version,
      ${micros("looked_at")} as looked_at,
      case when waits_for_erp_id is not null
        then jsonb_build_object('entity', waits_for_entity, 'erp_id', waits_for_erp_id) end as waits_for
    from erp_parked order by id`,
  differences: `
    select link_id, field, kind, reason, message, erp_value as erp, medusa_value as medusa,
      ${micros("created_at")} as opened_at
    from erp_difference order by link_id, field`,
  runs: `
    select ${RUN_COLUMNS}, lease_owner as owner, coalesce(${micros("lease_until")}, 0) as lease_until
    from erp_run order by created_at, id`,
  demand: `
    select line_item_id, inventory_item_id, location_id, kind, quantity,
      ${iso("known_at")} as known_at
    from erp_demand order by line_item_id, kind`,
  categories: `
    select id, deleted_at is not null as deleted, name, is_active, parent_category_id as parent_id
    from product_category order by id`,
  products: `
    select p.id, p.deleted_at is not null as deleted, p.title, p.handle, p.description, p.status,
      p.external_id,
      array(select c.product_category_id from product_category_product c
        where c.product_id = p.id order by 1) as category_ids,
      (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'title', o.title,
          'is_exclusive', o.is_exclusive, 'values', (
            select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'value', v.value)
              order by v.rank nulls last, v.created_at, v.id), '[]')
            from product_product_option_value pv
            join product_option_value v on v.id = pv.product_option_value_id and v.deleted_at is null
            where pv.product_product_option_id = po.id and pv.deleted_at is null))
          order by po.created_at, o.created_at, o.id), '[]')
        from product_product_option po
        join product_option o on o.id = po.product_option_id and o.deleted_at is null
        where po.product_id = p.id and po.deleted_at is null) as options
    from product p order by p.id`,
  variants: `
    select v.id, v.product_id, v.deleted_at is not null as deleted, v.title, v.sku, v.barcode,
      v.weight::text as weight, v.manage_inventory, v.allow_backorder,
      array(select o.option_value_id from product_variant_option o
        where o.variant_id = v.id order by 1) as option_value_ids,
      (select l.inventory_item_id from product_variant_inventory_item l
        join inventory_item i on i.id = l.inventory_item_id and i.deleted_at is null
        where l.variant_id = v.id and l.deleted_at is null
        order by l.created_at limit 1) as item_id,
      null as former_item_id,
      case when s.price_set_id is not null then (
        select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'currency', p.currency_code,
          'amount', coalesce(p.raw_amount->>'value', p.amount::text)) order by p.amount, p.id), '[]')
        from price p where p.price_set_id = s.price_set_id and p.deleted_at is null
          and p.price_list_id is null) end as prices
    from product_variant v
    left join product_variant_price_set s on s.variant_id = v.id and s.deleted_at is null
    where v.product_id is not null order by v.id`,
  items: `select id, sku from inventory_item where deleted_at is null order by id`,
  levels: `
    select id, inventory_item_id as item_id, location_id,
      stocked_quantity::float8 as stocked, reserved_quantity::float8 as reserved
    from inventory_level where deleted_at is null order by id`,
}

/**
 * The journal only grows: the entries that are known already are left out. They are named one by one,
 * since an entry shows when its transaction ends, which may be after one with a later id.
 */
export const JOURNAL = `
  select id, run_id, entity, erp_id, medusa_id, field, side, kind, from_value as "from",
    to_value as "to", rule, ${micros("created_at")} as at
  from erp_journal where not (id = any($1::text[])) order by id`

/** All of them in one statement, which sees one state; each is the text of a JSON array. */
export const SNAPSHOT = `select ${[...Object.entries(QUERIES), ["journal", JOURNAL]]
  .map(([name, sql]) => `(select coalesce(json_agg(t)::text, '[]') from (${sql}) t) as "${name}"`)
  .join(", ")}`

/** Rows that somebody's open transaction holds; a price counts as its variant. */
export const LOCKED = `
  select 'categories' as "table", id from product_category where id not in (
    select id from product_category for no key update skip locked)
  union all
  select 'products', id from product where id not in (
    select id from product for no key update skip locked)
  union all
  select 'variants', id from product_variant where id not in (
    select id from product_variant for no key update skip locked)
  union all
  select 'variants', s.variant_id from product_variant_price_set s where s.price_set_id not in (
    select id from price_set for no key update skip locked)
  union all
  select 'variants', s.variant_id from product_variant_price_set s
  join price p on p.price_set_id = s.price_set_id and p.id not in (
    select id from price for no key update skip locked)
  union all
  select 'levels', inventory_item_id || '/' || location_id from inventory_level where id not in (
    select id from inventory_level for no key update skip locked)
  union all
  select 'links', id from erp_link where id not in (
    select id from erp_link for no key update skip locked)
  union all
  select 'dirty', stream || '/' || erp_id from erp_dirty where (stream, erp_id) not in (
    select stream, erp_id from erp_dirty for no key update skip locked)
  union all
  select 'runs', id from erp_run where id not in (
    select id from erp_run for no key update skip locked)`
