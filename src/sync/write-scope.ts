import { Entity, Stream } from "./canonical"
import { ConnectionId, ErpId, MedusaId } from "./ids"
import { familyOf, ownerOf } from "./owners"
import { priceListField } from "./price-tiers"
import { Rules } from "./rules"
import { translationFields } from "./translations"
import { FieldName, Link } from "./values"

/** What a connection writes in the store, as far as its options and its ERP say. */
export interface WriteScope {
  connection_id: ConnectionId
  /** Null while they cannot be known, its credentials being gone: then it may write everything. */
  rules: Pick<Rules, "owners" | "prices" | "price_lists" | "stock" | "languages"> | null
  /** Streams that its ERP has. */
  streams: readonly Stream[]
}

/** A live link of another connection to a record that is about to be linked. */
export interface OtherLink extends Pick<Link, "entity" | "erp_id" | "medusa_id" | "owners"> {
  connection_id: ConnectionId
}

/** A record of the store that is about to be linked, or is. */
export interface Wanted {
  entity: Extract<Entity, "product" | "variant" | "category">
  medusa_id: MedusaId
  /** What a person said of its link, where it has one. */
  owners?: Link["owners"]
}

/** Why a record cannot be linked: another connection writes the same of it. */
export interface Holding {
  connection_id: ConnectionId
  /** The other connection's record. */
  erp_id: ErpId
  /** Fields that both would write, in the order of their names. */
  fields: FieldName[]
}

/**
 * Decides whether another connection already writes a field of these records that this one would write
 * as well: then two ERPs would take turns in it. Compared by the rules of both, and by what a person
 * said of a linked record. A connection that the options no longer name writes nothing and holds nothing.
 * @param links live links of other connections
 * @returns the one in the way, the first by its id; null when the records may be linked
 */
export const heldByOther = (
  own: WriteScope,
  others: readonly WriteScope[],
  wanted: readonly Wanted[],
  links: readonly OtherLink[],
): Holding | null => holdingsOf(own, others, wanted, links)[0] ?? null

/**
 * Fields of a linked record that connections which linked it earlier write as well: options and owners
 * change after a link is made. A connection whose options cannot be known does not work, and writes
 * nothing meanwhile.
 * @param links live links of other connections, made before this one
 * @returns by field, whose it is
 */
export const heldFields = (
  own: WriteScope,
  others: readonly WriteScope[],
  linked: Wanted,
  links: readonly OtherLink[],
): ReadonlyMap<FieldName, Holding> => {
  const known = others.filter(({ rules }) => rules !== null)
  const held = holdingsOf(own, known, [linked], links).flatMap((holding) =>
    holding.fields.map((field): [FieldName, Holding] => [field, { ...holding, fields: [field] }]),
  )
  return new Map(held.reverse())
}

/** In the order of the connections' ids. */
const holdingsOf = (
  own: WriteScope,
  others: readonly WriteScope[],
  wanted: readonly Wanted[],
  links: readonly OtherLink[],
): Holding[] =>
  others
    .toSorted((a, b) => (a.connection_id < b.connection_id ? -1 : 1))
    .flatMap((other) => holdingOf(own, other, wanted, links) ?? [])

const holdingOf = (
  own: WriteScope,
  other: WriteScope,
  wanted: readonly Wanted[],
  links: readonly OtherLink[],
): Holding | null => {
  const shared = wanted.flatMap(({ entity, medusa_id, owners = {} }) =>
    links
      .filter(
        (link) =>
          link.connection_id === other.connection_id &&
          link.entity === entity &&
          link.medusa_id === medusa_id,
      )
      .map((link) => ({
        link,
        fields: writtenByBoth(writtenFields(own, entity, owners), other, entity, link.owners),
      }))
      .filter(({ fields }) => fields.length > 0),
  )
  const [first] = shared
  return first
    ? {
        connection_id: other.connection_id,
        erp_id: first.link.erp_id,
        fields: [...new Set(shared.flatMap(({ fields }) => fields))].sort(),
      }
    : null
}

const writtenByBoth = (
  ours: ReadonlySet<FieldName>,
  other: WriteScope,
  entity: Wanted["entity"],
  owners: Link["owners"],
): FieldName[] => {
  const theirs = writtenFields(other, entity, owners)
  return [...ours].filter((field) => other.rules === null || theirs.has(field))
}

/** Fields of a record that its ERP writes in the store: those that the store does not own alone. */
const writtenFields = (
  { rules, streams }: WriteScope,
  entity: Wanted["entity"],
  own: Link["owners"],
): Set<FieldName> =>
  new Set(
    rules === null
      ? []
      : fieldsOf(rules, entity)
          .filter(({ from }) => from.some((stream) => streams.includes(stream)))
          .filter(({ field, owner_key = field }) => {
            const owner = own[field] ?? own[familyOf(field)] ?? ownerOf(rules, owner_key)
            return owner !== "medusa"
          })
          .map(({ field }) => field),
  )

interface WrittenField {
  field: FieldName
  /** Streams that carry it. */
  from: Stream[]
  /** The name under which the options set its owner, where it differs. */
  owner_key?: string
}

/**
 * Categories and tags of a product are left out: each is an element of its own, and only those take part
 * that are linked to the connection, or that its ERP has. Whether stock is kept at all goes with the stock.
 */
const fieldsOf = (
  rules: NonNullable<WriteScope["rules"]>,
  entity: Wanted["entity"],
): WrittenField[] => {
  switch (entity) {
    case "category":
      return ["name", "parent"].map((field) => ({ field, from: ["categories"] }))
    case "product":
      return ["title", "description", ...translationFields("product", rules.languages)].map(
        (field) => ({ field, from: ["products"] }),
      )
    case "variant":
      return [
        { field: "title", from: ["products"], owner_key: "variant_title" },
        ...["sku", "barcode", "weight"].map((field): WrittenField => ({
          field,
          from: ["products"],
        })),
        ...rules.prices.map(({ currency }): WrittenField => ({
          field: `price:${currency}`,
          from: ["products", "prices"],
        })),
        ...(rules.price_lists ?? []).map((list): WrittenField => ({
          field: priceListField(list),
          from: ["products", "prices"],
        })),
        ...rules.stock.map(({ location_id }): WrittenField => ({
          field: `stock:${location_id}`,
          from: ["stock"],
        })),
      ]
  }
}
