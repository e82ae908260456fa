import { VariantCreation, VariantCreationOutcome } from "../connectors/contract"
import { announcedVariants, announcement, withoutAnnouncement } from "../sync/announced-variants"
import { ErpProduct } from "../sync/canonical"
import { matchKeyOf, optionNames, variantTitle, withDefaultOption } from "../sync/default-option"
import { SyncError, toSyncError } from "../sync/errors"
import { fieldRule } from "../sync/field-rules"
import { MedusaId } from "../sync/ids"
import { editOf, KnownLinks, NewVariant, planNewVariants, variantField } from "../sync/new-variants"
import { keepRefusal, refusalName } from "../sync/refusals"
import { Rules } from "../sync/rules"
import { MedusaProduct, MedusaVariant } from "../sync/snapshot"
import { Link, Values } from "../sync/values"
import { Connected, EngineContext } from "./context"
import { arrivedOf } from "./creation-intents"
import { ClaimedKey, JournalEntry, LinkPatch, NewLink } from "./ports"
import { requestLife, SEND_WITHIN_MS } from "./request-life"
import { refusalIn } from "./send-changes"
import { sentValues, variantBases } from "./sent-bases"

/** A variant that goes to the ERP, with what was announced of it. */
interface Sent {
  variant: MedusaVariant
  creation: VariantCreation
  /** The edit that a refusal is kept for. */
  edit: ReturnType<typeof editOf>
}

/** A variant whose link is due: what was announced of it, and what the ERP, or its look-up, said. */
interface Made {
  variant: MedusaVariant
  announced: Values
  edit: ReturnType<typeof editOf> | null
  outcome: VariantCreationOutcome
}

/** What is to be kept with the product's link; null takes it back. */
type Kept = { [name: string]: string | null }

/**
 * Creates variants that the merchant added to a linked product in the ERP, each under a key of ours that
 * the ERP keeps. What is sent is announced with the product's link: after a lost reply it is looked for
 * under its key, and linked by what was announced, whatever either side holds by then. What the ERP does
 * not take is kept with the product's link, and stands as pending.
 */
export const createVariantsInErp = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  key: ClaimedKey,
  product: Link,
  medusa: MedusaProduct,
): Promise<void> => {
  const now = await context.ledger.now()
  const children = await context.ledger.linksByParent(connected.id, [product.erp_id])
  const links = {
    product,
    variants: children.filter(({ entity }) => entity === "variant"),
    options: children.filter(({ entity }) => entity === "option"),
    values: children.filter(({ entity }) => entity === "option_value"),
  }
  const found = await findAnnounced(connected, links, medusa, now)
  const { due } = planNewVariants(connected.rules, links, medusa, now)
  const sending = due
    .filter(({ variant }) => !found.open.has(variant.id))
    .map((created) => sentOf(connected.rules, product, created))
  const announcedAt = context.monotonic()
  const maySend = (): boolean => context.monotonic() - announcedAt <= SEND_WITHIN_MS
  const link = await announce(context, connected, product, sending, found.over, now)
  if (!link) {
    await context.ledger.releaseDirty(connected.id, [key], context.owner, 1000)
    return
  }
  const made = [...found.arrived, ...(await create(connected, sending, maySend))]
  const { erp, rejected } = await presentProduct(connected, link, made)
  // What cannot be read parks with its product, and is linked by the look that finds it corrected.
  const open = made.filter((entry) => isOpen(erp, entry) && (!rejected || !wasMade(entry)))
  await context.ledger.transaction(async (tx) => {
    await context.ledger.insertLinks(
      tx,
      connected.id,
      made.flatMap((entry) => newLink(connected.rules, erp, entry)),
    )
    await context.ledger.journal(
      tx,
      connected.id,
      made.flatMap((entry) => createdEntry(erp, entry)),
    )
    await context.ledger.patchLinks(tx, keptPatches(link, keptOf(link, made, erp, now)))
    await context.ledger.markDirty(connected.id, marksOf(link, made), tx)
    if (open.length === 0 && found.waits_ms === null) {
      await context.ledger.finishDirty(tx, connected.id, [key], context.owner)
    }
  })
  await waitForOpen(context, connected, key, open, found.waits_ms)
}

interface Announced {
  /** In the ERP, and not linked yet. */
  arrived: Made[]
  /** Announced variants that nothing is sent of: what they were announced with stands, or may yet. */
  open: ReadonlySet<MedusaId>
  /** Announcements that are over: linked, or certain not to have happened. */
  over: MedusaId[]
  /** Until the last one that may still arrive is certain, in milliseconds; null when there is none. */
  waits_ms: number | null
}

/** Looks for what was announced and not heard of. */
const findAnnounced = async (
  connected: Connected,
  links: KnownLinks,
  medusa: MedusaProduct,
  now: string,
): Promise<Announced> => {
  const linked = new Set(links.variants.map(({ medusa_id }) => medusa_id))
  const announced = [...announcedVariants(links.product.kept)]
  const unheard = announced.filter(([id]) => !linked.has(id))
  const present = await arrivedOf(
    connected,
    unheard.map(([id]) => id),
  )
  const arrived = unheard.flatMap(([id, { sent }]): Made[] => {
    const erpId = present.get(id)
    const variant = medusa.variants.find((entry) => entry.id === id)
    return erpId !== undefined && variant
      ? [{ variant, announced: sent, edit: null, outcome: { outcome: "created", id: erpId } }]
      : []
  })
  const known = new Set(arrived.map(({ variant }) => variant.id))
  const waiting = unheard.filter(
    ([id, { until }]) => !known.has(id) && Date.parse(until) > Date.parse(now),
  )
  const open = new Set([...known, ...waiting.map(([id]) => id)])
  return {
    arrived,
    open,
    over: announced.flatMap(([id]) => (open.has(id) ? [] : [id])),
    waits_ms:
      waiting.length > 0
        ? Math.max(...waiting.map(([, { until }]) => Date.parse(until) - Date.parse(now)))
        : null,
  }
}

const sentOf = (rules: Rules, product: Link, created: NewVariant): Sent => ({
  variant: created.variant,
  creation: creationOf(rules, product, created),
  edit: editOf(created),
})

/** The product's link with what is about to be sent; null when it has moved: it is planned again. */
const announce = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  link: Link,
  sending: Sent[],
  over: MedusaId[],
  now: string,
): Promise<Link | null> => {
  const until = requestLife(connected, now)
  const kept: Kept = Object.assign(
    {},
    ...over.map(withoutAnnouncement),
    ...sending.map(({ creation, variant }) =>
      announcement(variant.id, { sent: sentValues(creation), until }),
    ),
  )
  const patches = keptPatches(link, kept)
  if (patches.length === 0) {
    return link
  }
  const { seqs } = await context.ledger.transaction((tx) => context.ledger.patchLinks(tx, patches))
  const seq = seqs.get(link.id)
  return seq === undefined ? null : { ...link, seq, kept: { ...link.kept, ...kept } }
}

const keptPatches = (link: Link, kept: Kept): LinkPatch[] =>
  Object.keys(kept).length > 0
    ? [{ id: link.id, expected: { lane: "catalog", seq: link.seq }, kept }]
    : []

const create = async (
  connected: Connected,
  sending: Sent[],
  maySend: () => boolean,
): Promise<Made[]> => {
  const made: Made[] = []
  const size = Math.max(1, connected.connector.capabilities.max_write_batch)
  for (let start = 0; start < sending.length; start += size) {
    const chunk = sending.slice(start, start + size)
    const outcomes = await outcomesOf(
      connected,
      chunk.map(({ creation }) => creation),
      maySend,
    )
    made.push(
      ...chunk.map(({ variant, creation, edit }, index) => ({
        ...{ variant, edit, announced: sentValues(creation) },
        outcome: outcomes[index] ?? unanswered(),
      })),
    )
  }
  return made
}

/** A price that the ERP decides about is its own: it has one for the product, whatever the store says. */
const creationOf = (
  rules: Rules,
  link: Link,
  { variant, values }: NewVariant,
): VariantCreation => ({
  key: variant.id,
  product_id: link.erp_id,
  values,
  sku: variant.sku,
  barcode: variant.barcode,
  weight: variant.weight,
  weight_unit: rules.weight_unit,
  prices: rules.prices.flatMap(({ erp, currency }) => {
    const { owner } = fieldRule(rules, "variant", `price:${currency}`)
    const price = variant.prices.find((entry) => entry.currency === currency)
    return price && owner !== "erp" ? [{ list: erp, currency, amount: price.amount }] : []
  }),
})

const outcomesOf = async (
  { connector }: Connected,
  creations: VariantCreation[],
  maySend: () => boolean,
): Promise<VariantCreationOutcome[]> => {
  try {
    const options = { lane: "background" as const, may_send: maySend }
    return (await connector.createVariants?.(creations, options)) ?? []
  } catch (error) {
    return creations.map(() => ({ outcome: "failed", error: toSyncError(error) }))
  }
}

const unanswered = (): VariantCreationOutcome => ({
  outcome: "failed",
  error: new SyncError({
    kind: "transient",
    code: "unanswered",
    message: "The connector did not say what became of a new variant.",
    remedy: "It is asked for again under the same key.",
    outcome_unknown: true,
  }),
})

/** The product with what was made, so that the links know the values under which it goes. */
const presentProduct = async (
  { connector }: Connected,
  link: Link,
  made: Made[],
): Promise<{ erp: ErpProduct | null; rejected: boolean }> => {
  if (!made.some(wasMade)) {
    return { erp: null, rejected: false }
  }
  const read = await connector.read("products", [link.erp_id], { lane: "background" })
  const erp = read.records.find((record) => record.id === link.erp_id)
  const rejected = read.rejected.some((record) => record.id === link.erp_id)
  return { erp: erp ? withDefaultOption(erp) : null, rejected }
}

const wasMade = ({ outcome }: Made): boolean => outcome.outcome === "created"

const variantIn = (erp: ErpProduct | null, outcome: VariantCreationOutcome) =>
  outcome.outcome === "created" ? erp?.variants.find(({ id }) => id === outcome.id) : undefined

/** What is asked for again: it failed, or cannot be seen in the ERP yet. */
const isOpen = (erp: ErpProduct | null, { outcome }: Made): boolean =>
  outcome.outcome === "failed" ||
  (outcome.outcome === "created" && variantIn(erp, outcome) === undefined)

const newLink = (
  rules: Rules,
  erp: ErpProduct | null,
  { variant, announced, outcome }: Made,
): NewLink[] => {
  const held = variantIn(erp, outcome)
  if (!erp || !held) {
    return []
  }
  const title = variantTitle(erp, held, optionNames(erp))
  return [
    {
      entity: "variant",
      erp_id: held.id,
      parent_erp_id: erp.id,
      medusa_id: variant.id,
      state: "linked",
      fingerprint: rules.fingerprint,
      match_key: matchKeyOf(held),
      ...variantBases(rules, announced, { erp: title, medusa: variant.title }),
    },
  ]
}

const createdEntry = (erp: ErpProduct | null, { variant, outcome }: Made): JournalEntry[] => {
  const held = variantIn(erp, outcome)
  return held
    ? [
        {
          run_id: null,
          entity: "variant",
          erp_id: held.id,
          medusa_id: variant.id,
          field: "*",
          side: "erp",
          kind: "create",
          from: null,
          to: variant.title,
          rule: "created_in_medusa",
        },
      ]
    : []
}

/**
 * What the ERP said to each, kept with the product's link, and what was announced of it as long as its
 * link does not stand; what it said before to one that it took is over.
 */
const keptOf = (link: Link, made: Made[], erp: ErpProduct | null, now: string): Kept =>
  Object.assign(
    {},
    ...made.map(({ variant, edit, outcome }): Kept => {
      const name = refusalName(variantField(variant))
      const over = withoutAnnouncement(variant.id)
      switch (outcome.outcome) {
        case "created":
          return {
            ...(variantIn(erp, outcome) ? over : {}),
            ...(link.kept[name] === undefined ? {} : { [name]: null }),
          }
        case "failed":
          return outcome.error.outcome_unknown || outcome.error.kind === "bug" ? {} : over
        default:
          return {
            ...over,
            ...(edit && { [name]: keepRefusal(refusalIn(outcome), edit, now) }),
          }
      }
    }),
  )

/** The product is looked at again, for what was made and what stands open now. */
const marksOf = (link: Link, made: Made[]) => [
  ...(made.length > 0
    ? [{ stream: "products" as const, erp_id: link.erp_id, reason: "created" }]
    : []),
  ...made.flatMap(({ outcome }) =>
    outcome.outcome === "created"
      ? [{ stream: "stock" as const, erp_id: outcome.id, reason: "created" }]
      : [],
  ),
]

const waitForOpen = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  key: ClaimedKey,
  open: Made[],
  waitsMs: number | null,
): Promise<void> => {
  if (open.length === 0 && waitsMs === null) {
    return
  }
  const waits = open.map(({ variant, outcome }) => {
    const error = outcome.outcome === "failed" ? outcome.error : null
    if (error) {
      context.log("warn", `${connected.id}: ${variant.id}: ${error.message}`)
    }
    return error ? (error.retry_after_ms ?? 15_000) : 60_000
  })
  const wait = Math.min(...waits, waitsMs ?? Infinity)
  await context.ledger.releaseDirty(connected.id, [key], context.owner, wait)
}
