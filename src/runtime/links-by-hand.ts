import { MedusaError } from "@medusajs/framework/utils"
import { Connected } from "../engine/context"
import { refusalOfTie, weighTies } from "../engine/held-by-others"
import { NewLink } from "../engine/ports"
import { LinkOfConnection } from "../modules/erp/ledger"
import { ErpProduct, Stream } from "../sync/canonical"
import { matchKeyOf } from "../sync/default-option"
import { SyncError } from "../sync/errors"
import { adoptOptions } from "../sync/first-link"
import { connectionId, erpId, ErpId, medusaId, MedusaId } from "../sync/ids"
import { MedusaProduct } from "../sync/snapshot"
import { FieldName, Owner } from "../sync/values"
import { Wanted } from "../sync/write-scope"
import { readForPerson, recordOf } from "./erp-readings"
import { Runtime } from "./runtime"

/** What can be tied by hand: variants and options come with their product. */
export type HandEntity = "product" | "category"

export interface HandPair {
  connection_id: string
  entity: HandEntity
  erp_id: string
  medusa_id: string
}

export interface LinksByHand {
  /** Who decides about single fields of this record; null takes the record's own rule back. */
  setOwners(
    linkId: string,
    owners: { readonly [field: FieldName]: Owner | null },
  ): Promise<{ owners: Record<FieldName, Owner> }>
  /**
   * Parts a pair for good: neither is linked or created again by a machine. `excluded` says that it shall
   * never take part, `unlinked` that it was the wrong pair; a link by hand ends either.
   * @returns how many links ended, a product's variants and options among them
   */
  endLink(linkId: string, rule: "unlinked" | "excluded"): Promise<number>
  /**
   * Ties a record of the ERP to one of the store; a product with those of its variants and options that
   * are the same beyond doubt. Nothing is agreed on yet: the rules of the first link apply.
   * @throws MedusaError when a record does not exist, or is linked already
   */
  link(pair: HandPair): Promise<{ link_id: string; variants: number }>
}

/** What people decide about links. */
export const linksByHandOf = (runtime: Runtime): LinksByHand => {
  const { ledger } = runtime
  return {
    async setOwners(linkId, owners) {
      const link = await ledger.setOwners(linkId, owners)
      if (!link) throw noLink(linkId)
      await ledger.markFields(
        Object.keys(owners).map((field) => ({ link_id: linkId, field })),
        "owner_changed",
      )
      runtime.wake(link.connection_id)
      return { owners: { ...link.owners } }
    },

    async endLink(linkId, rule) {
      const [link] = await ledger.linksById([linkId])
      if (!link || link.state === "tombstone") throw noLink(linkId)
      if (link.entity === "option" || link.entity === "option_value") {
        throw notAllowed("Options and their values belong to their product: part that one.")
      }
      return ledger.transaction(async (tx) => {
        const ended = await ledger.endLink(tx, linkId)
        await ledger.journal(tx, link.connection_id, [linkEntry(link, rule, link.medusa_id, null)])
        return ended.length
      })
    },

    async link(pair) {
      const connected = await connectedTo(runtime, pair.connection_id)
      const tied =
        pair.entity === "product"
          ? await tieProduct(runtime, connected, pair)
          : await tieCategory(runtime, connected, pair)
      const streams: Stream[] =
        pair.entity === "category"
          ? ["categories"]
          : runtime.connections.takesImages(connected.id)
            ? ["products", "images"]
            : ["products"]
      await ledger.markDirty(
        connected.id,
        streams.map((stream) => ({
          stream,
          erp_id: erpId(pair.erp_id),
          reason: "linked_by_hand",
        })),
      )
      runtime.wake(connected.id)
      return tied
    },
  }
}

/** The connection at work; an error says why it is not. */
export const connectedTo = async (runtime: Runtime, id: string): Promise<Connected> => {
  const connected = await runtime.connections.one(connectionId(id))
  if (connected) return connected
  const row = await runtime.ledger.connection(connectionId(id))
  throw row
    ? notAllowed(
        `Connection "${id}" is not at work: ${row.reason?.message ?? "it was not checked yet"}`,
      )
    : new MedusaError(MedusaError.Types.NOT_FOUND, `There is no connection "${id}".`)
}

const noLink = (id: string): MedusaError =>
  new MedusaError(MedusaError.Types.NOT_FOUND, `There is no link "${id}".`)

const notAllowed = (message: string): MedusaError =>
  new MedusaError(MedusaError.Types.NOT_ALLOWED, message)

const linkEntry = (
  link: Pick<LinkOfConnection, "entity" | "erp_id" | "medusa_id">,
  rule: string,
  from: MedusaId | null,
  to: MedusaId | null,
) => ({
  run_id: null,
  entity: link.entity,
  erp_id: link.erp_id,
  medusa_id: link.medusa_id,
  field: "*",
  side: "medusa" as const,
  kind: "link" as const,
  from,
  to,
  rule,
})

const tieProduct = async (runtime: Runtime, connected: Connected, pair: HandPair) => {
  const { ledger, context } = runtime
  const id = medusaId(pair.medusa_id)
  const reading = await readForPerson(connected, "products", [erpId(pair.erp_id)])
  const erp = recordOf(reading, erpId(pair.erp_id))
  if (!erp) throw unread(pair, reading.failure)
  const medusa = (await context.catalog.readProducts([id])).get(id)
  if (!medusa || medusa.deleted) throw noRecord(pair)
  await assertFree(runtime, connected, pair)
  const variants = pairVariants(erp, medusa)
  const shared = await assertUnheld(runtime, connected, pair, [
    { entity: "product", medusa_id: id },
    ...variants.map(({ medusa_id }) => ({ entity: "variant" as const, medusa_id })),
  ])
  const found = adoptOptions(erp, medusa)
  // Options and variants of a product that another connection links as well are that one's to change.
  const options = { ...found, foreign: found.foreign || shared }
  const base = {
    fingerprint: connected.rules.fingerprint,
    state: "linked" as const,
    base_erp: {},
    base_medusa: {},
    parent_erp_id: erp.id,
  }
  const children: NewLink[] = [
    ...variants.map(({ erp_id, medusa_id, match_key }) => ({
      ...base,
      entity: "variant" as const,
      erp_id,
      medusa_id,
      match_key,
    })),
    ...(options.foreign ? [] : options.links).map((link) => ({
      ...base,
      ...link,
      match_key: null,
    })),
  ]
  return ledger.transaction(async (tx) => {
    const link = await ledger.linkByHand(tx, connected.id, {
      entity: "product",
      erp_id: erp.id,
      parent_erp_id: null,
      medusa_id: id,
      fingerprint: base.fingerprint,
    })
    if (!link) throw taken(pair)
    if (options.foreign) {
      await ledger.patchLinks(tx, [
        {
          id: link.id,
          expected: { lane: "catalog", seq: link.seq },
          kept: { foreign_options: true },
        },
      ])
    }
    for (const child of children) await ledger.linkByHand(tx, connected.id, child)
    await ledger.unpark(tx, connected.id, "products", [
      { entity: "product", erp_id: erp.id, except: [] },
    ])
    await ledger.journal(tx, connected.id, [linkEntry(link, "by_hand", null, id)])
    return { link_id: link.id, variants: variants.length }
  })
}

const tieCategory = async (runtime: Runtime, connected: Connected, pair: HandPair) => {
  const { ledger, context } = runtime
  const id = medusaId(pair.medusa_id)
  const reading = await readForPerson(connected, "categories", [erpId(pair.erp_id)])
  const erp = recordOf(reading, erpId(pair.erp_id))
  if (!erp) throw unread(pair, reading.failure)
  const medusa = (await context.catalog.readCategories([id])).get(id)
  if (!medusa || medusa.deleted) throw noRecord(pair)
  await assertFree(runtime, connected, pair)
  await assertUnheld(runtime, connected, pair, [{ entity: "category", medusa_id: id }])
  return ledger.transaction(async (tx) => {
    const link = await ledger.linkByHand(tx, connected.id, {
      entity: "category",
      erp_id: erp.id,
      parent_erp_id: null,
      medusa_id: id,
      fingerprint: connected.rules.fingerprint,
    })
    if (!link) throw taken(pair)
    await ledger.journal(tx, connected.id, [linkEntry(link, "by_hand", null, id)])
    return { link_id: link.id, variants: 0 }
  })
}

/** The same SKU or barcode on both sides, once on each; or one variant on both. */
const pairVariants = (
  erp: ErpProduct,
  medusa: MedusaProduct,
): { erp_id: ErpId; medusa_id: MedusaId; match_key: string }[] => {
  const theirs = erp.variants.filter(({ active }) => active)
  const ours = medusa.variants.filter(({ deleted }) => !deleted)
  const [onlyTheirs, onlyOurs] = [theirs[0], ours[0]]
  const pairs =
    theirs.length === 1 && ours.length === 1 && onlyTheirs && onlyOurs
      ? [{ variant: onlyTheirs, own: onlyOurs }]
      : theirs.flatMap((variant) => {
          const same = (by: "sku" | "barcode") =>
            variant[by] === null || theirs.filter((other) => other[by] === variant[by]).length > 1
              ? []
              : ours.filter((own) => own[by] === variant[by])
          const found = same("sku").length > 0 ? same("sku") : same("barcode")
          return found.length === 1 && found[0] ? [{ variant, own: found[0] }] : []
        })
  return pairs
    .filter(({ own }, index) => pairs.findIndex((other) => other.own.id === own.id) === index)
    .map(({ variant, own }) => ({
      erp_id: variant.id,
      medusa_id: own.id,
      match_key: matchKeyOf(variant),
    }))
}

const assertFree = async (
  { ledger }: Runtime,
  connected: Connected,
  pair: HandPair,
): Promise<void> => {
  const [theirs] = await ledger.linksByErp(connected.id, pair.entity, [erpId(pair.erp_id)])
  const [ours] = await ledger.linksByMedusa(connected.id, pair.entity, [medusaId(pair.medusa_id)])
  if (theirs && theirs.state !== "tombstone") throw taken(pair)
  if (ours && ours.state !== "tombstone") {
    throw conflict(
      `${pair.medusa_id} is linked to ${pair.entity} ${ours.erp_id} of the ERP: unlink that pair first.`,
    )
  }
}

/**
 * Another connection may not write the same of these records.
 * @returns whether one links them for fields of its own
 */
const assertUnheld = async (
  { context }: Runtime,
  connected: Connected,
  pair: HandPair,
  wanted: Wanted[],
): Promise<boolean> => {
  const id = erpId(pair.erp_id)
  const { held, shared } = await weighTies(context, connected, [{ erp_id: id, wanted }])
  const holding = held.get(id)
  if (holding) {
    const { message, remedy } = refusalOfTie(holding)
    throw conflict(`${pair.medusa_id}: ${message} ${remedy}`)
  }
  return shared.has(id)
}

const taken = (pair: HandPair): MedusaError =>
  conflict(`${pair.entity} ${pair.erp_id} of the ERP is linked already: unlink that pair first.`)

const conflict = (message: string): MedusaError =>
  new MedusaError(MedusaError.Types.CONFLICT, message)

const noRecord = (pair: HandPair): MedusaError =>
  new MedusaError(
    MedusaError.Types.NOT_FOUND,
    `The store has no ${pair.entity} with the id ${pair.medusa_id}.`,
  )

const unread = (pair: HandPair, failure: string | null): Error =>
  failure === null
    ? new MedusaError(
        MedusaError.Types.NOT_FOUND,
        `The ERP has no ${pair.entity} with the id ${pair.erp_id}, or the connection's filter leaves it out.`,
      )
    : new SyncError({
        kind: "transient",
        code: "erp_unread",
        message: `${pair.entity} ${pair.erp_id} could not be read: ${failure}`,
        remedy: "Try again when the ERP answers.",
      })
