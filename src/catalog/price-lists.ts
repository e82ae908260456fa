import { createHash } from "node:crypto"
import { IPricingModuleService } from "@medusajs/framework/types"
import { Modules, PriceListStatus, PriceListType } from "@medusajs/framework/utils"
import { ValueWrite } from "../engine/ports"
import { MedusaId, medusaId } from "../sync/ids"
import { listOfField } from "../sync/price-tiers"
import { CatalogContext } from "./context"
import { Database, query } from "./database"
import { familyOf } from "./value-batch"

/** A price list as the options of a connection name it. */
export interface WantedPriceList {
  connection_id: string
  /** One of both: an id, or a title under which it is found or made. */
  id?: string | undefined
  title?: string | undefined
  /** For one that is made: what it does to base prices, and whom it is for. */
  type: "override" | "sale"
  /** Names or ids; empty: for everybody. */
  customer_groups: readonly string[]
}

/** A mapped price list, and how it is made where the store does not have it yet. */
export interface MappedPriceList {
  id: MedusaId
  title: string
  type: "override" | "sale"
  customer_group_ids: readonly MedusaId[]
}

export type FoundPriceList =
  { list: MappedPriceList } | { problem: { code: string; message: string; remedy: string } }

interface ListRow {
  id: MedusaId
  title: string
  deleted: boolean
  restricted: boolean
}

/**
 * Finds the price list that the options name: by id, else the one that was made for this title, whatever
 * it is called by now, else the one of this title. Where there is none, an id is chosen, the same one in
 * every process, under which it is made with its first price. Writes nothing.
 */
export const findPriceList = async (
  db: Database,
  wanted: WantedPriceList,
): Promise<FoundPriceList> => {
  const title = wanted.title ?? wanted.id ?? ""
  const own = wanted.id === undefined ? ownId(wanted.connection_id, title) : medusaId(wanted.id)
  const rows = await query<ListRow>(
    db,
    `select id, title, deleted_at is not null as deleted, coalesce(rules_count, 0) > 0 as restricted
       from price_list where id = ? or (title = ? and deleted_at is null) order by id`,
    [own, wanted.title ?? null],
  )
  const groups = await findGroups(db, wanted.customer_groups)
  if ("problem" in groups) {
    return groups
  }
  const made = rows.find(({ id }) => id === own)
  const [found = made, ...others] = made ? [] : rows
  if (made?.deleted) {
    return problem("deleted", title, "was deleted", "Restore it, or map another one.")
  }
  if (others.length > 0) {
    return problem("ambiguous", title, "stands there more than once", "Name it by its id.")
  }
  if (!found && wanted.id !== undefined) {
    return problem("unknown", title, "is not there", "Correct the id, or name it by its title.")
  }
  if (found && !found.restricted && groups.ids.length > 0) {
    return problem(
      "open_to_all",
      title,
      "is for everybody, and the options name customer groups",
      "Restrict it to these groups in the admin, or leave the groups out of the options.",
    )
  }
  const { type } = wanted
  return { list: { id: found?.id ?? own, title, type, customer_group_ids: groups.ids } }
}

const ownId = (connection: string, title: string): MedusaId => {
  const hash = createHash("sha256")
    .update(JSON.stringify([connection, title]))
    .digest("hex")
  return medusaId(`plist_erp_${hash.slice(0, 24)}`)
}

const problem = (
  code: string,
  title: string,
  what: string,
  remedy: string,
): Extract<FoundPriceList, { problem: unknown }> => ({
  problem: {
    code: `price_list_${code}`,
    message: `Prices of the price list "${title}" are not synchronised: in the store it ${what}.`,
    remedy,
  },
})

const findGroups = async (
  db: Database,
  wanted: readonly string[],
): Promise<{ ids: MedusaId[] } | Extract<FoundPriceList, { problem: unknown }>> => {
  const rows = await query<{ id: MedusaId; name: string }>(
    db,
    `select id, name from customer_group
      where deleted_at is null and (id = any(?) or name = any(?)) order by id`,
    [[...wanted], [...wanted]],
  )
  const ids: MedusaId[] = []
  for (const group of wanted) {
    const [only, ...others] = rows.filter(({ id, name }) => id === group || name === group)
    if (!only || others.length > 0) {
      return {
        problem: {
          code: "unknown_customer_group",
          message: `A price list is not synchronised: the store has ${only ? "several customer groups" : "no customer group"} "${group}".`,
          remedy: 'Create the group, or correct "customer_groups" under "prices".',
        },
      }
    }
    ids.push(only.id)
  }
  return { ids }
}

/**
 * Makes the mapped lists that these writes are for and the store does not have. Two processes choose the
 * same id, so that the second one finds it made.
 */
export const ensurePriceLists = async (
  { container, db }: CatalogContext,
  mapped: readonly MappedPriceList[],
  writes: readonly ValueWrite[],
): Promise<void> => {
  const named = new Set<string>(
    writes.flatMap(({ field }) =>
      familyOf(field) === "price_list" ? [listOfField(field).price_list_id] : [],
    ),
  )
  const wanted = mapped.filter(({ id }) => named.has(id))
  if (wanted.length === 0) {
    return
  }
  const there = await standing(db, wanted)
  const pricing: IPricingModuleService = container.resolve(Modules.PRICING)
  for (const list of wanted.filter(({ id }) => !there.has(id))) {
    try {
      await pricing.createPriceLists([inputOf(list)])
    } catch (error) {
      if (!(await standing(db, [list])).has(list.id)) {
        throw error
      }
    }
  }
}

const standing = async (
  db: Database,
  lists: readonly MappedPriceList[],
): Promise<Set<MedusaId>> => {
  const ids = lists.map(({ id }) => id)
  const rows = await query<{ id: MedusaId }>(db, "select id from price_list where id = any(?)", [
    ids,
  ])
  return new Set(rows.map(({ id }) => id))
}

type Input = Parameters<IPricingModuleService["createPriceLists"]>[0][number]

const inputOf = ({
  id,
  title,
  type,
  customer_group_ids,
}: MappedPriceList): Input & { id: string } => ({
  id,
  title,
  description: `Prices of the ERP's price list, kept by the synchronisation.`,
  status: PriceListStatus.ACTIVE,
  type: type === "sale" ? PriceListType.SALE : PriceListType.OVERRIDE,
  ...(customer_group_ids.length > 0 && {
    rules: { "customer.groups.id": [...customer_group_ids] },
  }),
})
