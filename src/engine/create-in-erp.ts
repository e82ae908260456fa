import { CreatedVariant, Creation, CreationOutcome } from "../connectors/contract"
import { ErpProduct, RejectedRecord } from "../sync/canonical"
import { matchKeyOf, optionNames, variantTitle, withDefaultOption } from "../sync/default-option"
import { SyncError, toSyncError } from "../sync/errors"
import { adoptOptions } from "../sync/first-link"
import { ErpId, idOfNew, isNewKey, MedusaId, newKey } from "../sync/ids"
import { MedusaProduct, MedusaVariant } from "../sync/snapshot"
import { Link } from "../sync/values"
import { Connected, EngineContext } from "./context"
import { announceValues, withoutIntents } from "./creation-intents"
import { giveUp } from "./given-up"
import { heldRecord, Ties, weighTies } from "./held-by-others"
import { createVariantsInErp } from "./create-variants-in-erp"
import { ClaimedKey, LinkPatch, NewLink, ParkedRecord } from "./ports"
import { SEND_WITHIN_MS } from "./request-life"
import { sentBases, sentValues, variantBases } from "./sent-bases"

/** So many products go into the ERP at a time. */
const CHUNK = 50

/**
 * Creates products of the store in the ERP, and new variants of those it has, each under a key of ours
 * that the ERP keeps. Of products the links are inserted as `creating`, then the records are created, then
 * the links get their ids. Whatever happens in between, the same key finds the same record again.
 */
export const createInErp = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  keys: ClaimedKey[],
): Promise<void> => {
  for (let start = 0; start < keys.length; start += CHUNK) {
    const chunk = keys.slice(start, start + CHUNK)
    const lockOf = (key: ClaimedKey): string => `${connected.id}/create/${key.erp_id}`
    await context.ledger.exclusively(chunk.map(lockOf), async (granted) => {
      const mine = chunk.filter((key) => granted.has(lockOf(key)))
      const busy = chunk.filter((key) => !mine.includes(key))
      await context.ledger.releaseDirty(connected.id, busy, context.owner, 5_000)
      await createChunk(context, connected, mine)
    })
  }
}

/** A product that the ERP does not have yet. */
interface Open {
  key: ClaimedKey
  product: MedusaProduct
}

/** A product that the ERP has, and that may have variants which the ERP does not have. */
interface Grown extends Open {
  link: Link
}

interface Outgoing {
  key: ClaimedKey
  medusa: MedusaProduct
  link: Link
  variants: Link[]
  creation: Creation
  /** It is in the ERP already, made by a request of which nobody heard. */
  arrived: boolean
  /** Another connection links it, too: its options and variants are that one's to change. */
  shared: boolean
}

const createChunk = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  keys: ClaimedKey[],
): Promise<void> => {
  const { push } = connected.rules
  if (push.held !== null || !push.create || !connected.connector.create) {
    // Turned off meanwhile: the sweep marks what is still missing once it is on again.
    await finish(context, connected, keys)
    return
  }
  const ids = keys.map((key) => idOfNew(key.erp_id))
  const medusa = await context.catalog.readProducts(ids)
  const links = await context.ledger.linksByMedusa(connected.id, "product", ids)
  const open = keys.flatMap((key): Open[] => {
    const product = medusa.get(idOfNew(key.erp_id))
    const link = links.find((entry) => entry.medusa_id === product?.id)
    const due = !link || (link.state === "creating" && isNewKey(link.erp_id))
    return product && !product.deleted && due ? [{ key, product }] : []
  })
  const linked = keys.flatMap((key): Grown[] => {
    const product = medusa.get(idOfNew(key.erp_id))
    const link = links.find((entry) => entry.medusa_id === product?.id)
    return product && !product.deleted && link?.state === "linked" ? [{ key, link, product }] : []
  })
  const deleted = keys.flatMap((key) => {
    const link = links.find((entry) => entry.erp_id === key.erp_id && entry.state === "creating")
    return link && !open.some((entry) => entry.key === key) ? [{ key, link }] : []
  })
  if (deleted.length > 0) {
    await giveUp(context, connected, deleted)
  }
  await finish(
    context,
    connected,
    keys.filter((key) => ![...open, ...linked, ...deleted].some((entry) => entry.key === key)),
  )
  for (const { key, link, product } of linked) {
    await createVariantsInErp(context, connected, key, link, product)
  }
  const { free, shared } = await withoutHeld(context, connected, open, links)
  if (free.length === 0) {
    return
  }
  const announced = await announce(context, connected, free)
  const outgoing = announced.map((entry) => ({ ...entry, shared: shared.has(entry.key.erp_id) }))
  const announcedAt = context.monotonic()
  const maySend = (): boolean => context.monotonic() - announcedAt <= SEND_WITHIN_MS
  const due = await announceValues(context, connected, outgoing)
  const outcomes = await created(connected, due, maySend)
  for (const [index, entry] of due.entries()) {
    await settle(context, connected, entry, outcomes[index] ?? unanswered())
  }
}

/** Sets products aside that another connection writes; one that was announced is on its way already. */
const withoutHeld = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  open: Open[],
  links: Link[],
): Promise<{ free: Open[]; shared: Ties["shared"] }> => {
  const { held, shared } = await weighTies(
    context,
    connected,
    open.map(({ key, product }) => ({
      erp_id: key.erp_id,
      wanted: [
        { entity: "product", medusa_id: product.id },
        ...live(product).map(({ id }) => ({ entity: "variant" as const, medusa_id: id })),
      ],
    })),
  )
  const linked = new Set(links.map((link) => link.medusa_id))
  const waiting = open.flatMap((entry) => {
    const holding = linked.has(entry.product.id) ? undefined : held.get(entry.key.erp_id)
    return holding ? [{ entry, holding }] : []
  })
  if (waiting.length > 0) {
    const records = waiting.map(({ entry: { key, product }, holding }) =>
      heldRecord({ id: key.erp_id, title: product.title, version: null }, holding),
    )
    const keys = waiting.map(({ entry }) => entry.key)
    await context.ledger.transaction(async (tx) => {
      await context.ledger.park(tx, connected.id, records)
      await context.ledger.finishDirty(tx, connected.id, keys, context.owner)
    })
  }
  const set = new Set(waiting.map(({ entry }) => entry))
  return { free: open.filter((entry) => !set.has(entry)), shared }
}

const finish = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  keys: ClaimedKey[],
): Promise<void> =>
  context.ledger.transaction((tx) =>
    context.ledger.finishDirty(tx, connected.id, keys, context.owner),
  )

/** Says what is about to be created: a pull that meets the new record meanwhile knows whose it is. */
const announce = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  open: Open[],
): Promise<Omit<Outgoing, "shared">[]> => {
  const { rules } = connected
  const categories = await context.ledger.linksByMedusa(
    connected.id,
    "category",
    open.flatMap(({ product }) => product.category_ids),
  )
  const drafts = open.map(({ key, product }) => ({
    key,
    product,
    creation: creationOf(connected, product, categories),
  }))
  const wanted = drafts.flatMap(({ product }): NewLink[] => [
    newLink(rules.fingerprint, "product", product.id, null),
    ...live(product).map((variant) =>
      newLink(rules.fingerprint, "variant", variant.id, newKey(product.id)),
    ),
  ])
  const standing = await context.ledger.transaction((tx) =>
    context.ledger.insertLinks(tx, connected.id, wanted),
  )
  return drafts.flatMap(({ key, product, creation }): Omit<Outgoing, "shared">[] => {
    const link = standing.find((entry) => entry.erp_id === newKey(product.id))
    const variants = standing.filter((entry) => entry.parent_erp_id === newKey(product.id))
    return link ? [{ key, medusa: product, link, variants, creation, arrived: false }] : []
  })
}

const live = (product: MedusaProduct): MedusaVariant[] =>
  product.variants.filter((variant) => !variant.deleted)

const newLink = (
  fingerprint: string,
  entity: "product" | "variant",
  id: MedusaId,
  parent: ErpId | null,
): NewLink => ({
  entity,
  erp_id: newKey(id),
  parent_erp_id: parent,
  medusa_id: id,
  state: "creating",
  fingerprint,
  match_key: null,
  base_erp: {},
  base_medusa: {},
})

const creationOf = (connected: Connected, product: MedusaProduct, categories: Link[]): Creation => {
  const { rules } = connected
  const linked = product.category_ids.flatMap(
    (id) =>
      categories.find((link) => link.medusa_id === id && link.state === "linked")?.erp_id ?? [],
  )
  const values = new Map(
    product.options.flatMap((option) =>
      option.values.map((value) => [value.id, { option: option.title, value: value.value }]),
    ),
  )
  return {
    key: product.id,
    title: product.title,
    description: product.description,
    category_ids: rules.push.single_category ? linked.slice(0, 1) : linked,
    options: product.options.map((option) => ({
      title: option.title,
      values: option.values.map((value) => value.value),
    })),
    variants: live(product).map((variant): CreatedVariant => ({
      key: variant.id,
      options: Object.fromEntries(
        variant.option_value_ids.flatMap((id) => {
          const held = values.get(id)
          return held ? [[held.option, held.value]] : []
        }),
      ),
      sku: variant.sku,
      barcode: variant.barcode,
      weight: variant.weight,
      tracked: variant.manage_inventory,
      prices: rules.prices.flatMap((mapping) => {
        const price = variant.prices.find((entry) => entry.currency === mapping.currency)
        return price
          ? [{ list: mapping.erp, currency: mapping.currency, amount: price.amount }]
          : []
      }),
    })),
    weight_unit: rules.weight_unit,
  }
}

const created = async (
  connected: Connected,
  outgoing: Outgoing[],
  maySend: () => boolean,
): Promise<CreationOutcome[]> => {
  try {
    const creations = outgoing.map((entry) => entry.creation)
    const options = { lane: "background" as const, may_send: maySend }
    return (await connected.connector.create?.(creations, options)) ?? []
  } catch (error) {
    return outgoing.map(() => ({ outcome: "failed", error: toSyncError(error) }))
  }
}

/** Nothing was made: what comes next is made of the values that the store holds then. */
const takenBack = ({ link, variants }: Pick<Outgoing, "link" | "variants">): LinkPatch[] =>
  [link, ...variants].map((entry) => ({
    id: entry.id,
    expected: { lane: "catalog", seq: entry.seq },
    intents: withoutIntents(entry),
  }))

const unanswered = (): CreationOutcome => ({
  outcome: "failed",
  error: new SyncError({
    kind: "transient",
    code: "unanswered",
    message: "The connector did not say what became of a new product.",
    remedy: "It is asked for again under the same key.",
    outcome_unknown: true,
  }),
})

const settle = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  entry: Outgoing,
  outcome: CreationOutcome,
): Promise<void> => {
  switch (outcome.outcome) {
    case "created":
      return complete(context, connected, entry, outcome)
    case "failed": {
      const { kind, message, outcome_unknown } = outcome.error
      const wait = outcome.error.retry_after_ms ?? 15_000
      context.log("warn", `${connected.id}: ${entry.medusa.id}: ${message}`)
      if (!outcome_unknown && kind !== "bug" && !entry.arrived) {
        await context.ledger.transaction((tx) => context.ledger.patchLinks(tx, takenBack(entry)))
      }
      return context.ledger.releaseDirty(connected.id, [entry.key], context.owner, wait)
    }
    default:
      return parkUnmade(context, connected, entry, outcome)
  }
}

const parkUnmade = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  { key, link, medusa, variants }: Outgoing,
  outcome: Extract<CreationOutcome, { outcome: "unsupported" | "invalid" }>,
): Promise<void> => {
  const record: ParkedRecord = {
    stream: "products",
    entity: "product",
    erp_id: link.erp_id,
    field: outcome.field,
    reason: outcome.outcome === "invalid" ? "refused_by_erp" : "unsupported",
    message: `"${medusa.title}" was not created in the ERP: ${outcome.message}`,
    value: outcome.outcome === "invalid" ? outcome.value : medusa.title,
    remedy: outcome.remedy,
    version: null,
    key: key.erp_id,
  }
  return context.ledger.transaction(async (tx) => {
    await context.ledger.patchLinks(tx, takenBack({ link, variants }))
    await context.ledger.park(tx, connected.id, [record])
    await context.ledger.finishDirty(tx, connected.id, [key], context.owner)
  })
}

/** Gives the links their ids and bases, and reads the new record, so that its options are linked too. */
const complete = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  entry: Outgoing,
  outcome: Extract<CreationOutcome, { outcome: "created" }>,
): Promise<void> => {
  const read = await connected.connector.read("products", [outcome.id], { lane: "background" })
  const erp = read.records.find((record) => record.id === outcome.id)
  if (!erp) {
    const [rejected] = read.rejected
    return rejected
      ? parkUnread(context, connected, entry, rejected)
      : context.ledger.releaseDirty(connected.id, [entry.key], context.owner, 60_000)
  }
  await context.ledger.transaction(async (tx) => {
    await context.ledger.patchLinks(tx, completedLinks(connected, entry, outcome, erp))
    await context.ledger.insertLinks(
      tx,
      connected.id,
      optionLinksOf(connected, entry, outcome, erp),
    )
    await context.ledger.journal(tx, connected.id, [
      {
        run_id: null,
        entity: "product",
        erp_id: outcome.id,
        medusa_id: entry.medusa.id,
        field: "*",
        side: "erp",
        kind: "create",
        from: null,
        to: entry.medusa.title,
        rule: "created_in_medusa",
      },
    ])
    await context.ledger.unpark(tx, connected.id, "products", [
      { entity: "product", erp_id: entry.link.erp_id, except: [] },
    ])
    await context.ledger.finishDirty(tx, connected.id, [entry.key], context.owner)
    await context.ledger.markDirty(
      connected.id,
      [
        { stream: "products", erp_id: outcome.id, reason: "created" },
        ...outcome.variants.map(({ id }) => ({
          stream: "stock" as const,
          erp_id: id,
          reason: "created",
        })),
      ],
      tx,
    )
  })
}

/** It was made, and holds something by now that cannot be read: once that is corrected it is linked. */
const parkUnread = <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  { key }: Outgoing,
  { field, reason, value, remedy, version }: RejectedRecord,
): Promise<void> =>
  context.ledger.transaction(async (tx) => {
    // What it was parked for before is replaced by the present reason.
    await context.ledger.unpark(tx, connected.id, "products", [
      { entity: "product", erp_id: key.erp_id, except: [field] },
    ])
    await context.ledger.park(tx, connected.id, [
      {
        ...{ stream: "products", entity: "product", erp_id: key.erp_id, key: key.erp_id },
        ...{ field, value, remedy, version, reason: "invalid", message: `${field} ${reason}` },
      },
    ])
    await context.ledger.finishDirty(tx, connected.id, [key], context.owner)
  })

/** Values are known by the variants that were made of them: a name may have been given to another since. */
const namedAsSent = (
  erp: ErpProduct,
  medusa: MedusaProduct,
  { variants }: Extract<CreationOutcome, { outcome: "created" }>,
): ErpProduct => {
  const made = new Map(variants.map(({ id, key }) => [id, key]))
  const names = new Map<string, string>()
  for (const { id, option_values } of erp.variants) {
    const held = medusa.variants.find((variant) => variant.id === made.get(id))
    for (const { option_id, value_id } of option_values) {
      const title = erp.options.find((option) => option.id === option_id)?.title
      const own = medusa.options.find((option) => option.title === title)
      const value = own?.values.find((entry) => held?.option_value_ids.includes(entry.id))
      if (value) {
        names.set(`${option_id}:${value_id}`, value.value)
      }
    }
  }
  const options = erp.options.map((option) => ({
    ...option,
    values: option.values.map((value) => ({
      ...value,
      title: names.get(`${option.id}:${value.id}`) ?? value.title,
    })),
  }))
  return { ...erp, options }
}

const optionLinksOf = (
  connected: Connected,
  entry: Outgoing,
  outcome: Extract<CreationOutcome, { outcome: "created" }>,
  erp: ErpProduct,
): NewLink[] =>
  (entry.shared
    ? []
    : adoptOptions(namedAsSent(erp, entry.medusa, outcome), entry.medusa).links
  ).map((link) => ({
    ...link,
    parent_erp_id: erp.id,
    state: "linked",
    fingerprint: connected.rules.fingerprint,
    match_key: null,
    base_erp: {},
    base_medusa: {},
  }))

const completedLinks = (
  connected: Connected,
  entry: Outgoing,
  outcome: Extract<CreationOutcome, { outcome: "created" }>,
  erp: ErpProduct,
): LinkPatch[] => {
  const { rules } = connected
  const { creation, link, variants, medusa } = entry
  const filled = withDefaultOption(erp)
  const names = optionNames(filled)
  return [
    {
      id: link.id,
      expected: { lane: "catalog", seq: link.seq },
      erp_id: outcome.id,
      state: "linked",
      intents: withoutIntents(link),
      // Options that the ERP has changed since, or left out, are nobody's to make alike.
      ...(entry.shared || adoptOptions(erp, medusa).foreign
        ? { kept: { foreign_options: true } }
        : {}),
      ...sentBases(rules, "product", {
        title: creation.title,
        description: creation.description,
        ...Object.fromEntries(creation.category_ids.map((id) => [`category:${id}`, true])),
      }),
    },
    ...variants.flatMap((child): LinkPatch[] => {
      const made = outcome.variants.find(({ key }) => key === child.medusa_id)
      const sent = creation.variants.find(({ key }) => key === child.medusa_id)
      const held = filled.variants.find(({ id }) => id === made?.id)
      const own = medusa.variants.find(({ id }) => id === child.medusa_id)
      return made && sent
        ? [
            {
              id: child.id,
              expected: { lane: "catalog", seq: child.seq },
              erp_id: made.id,
              parent_erp_id: outcome.id,
              state: "linked",
              match_key: held ? matchKeyOf(held) : null,
              intents: withoutIntents(child),
              ...variantBases(
                rules,
                { ...sentValues(sent), tracked: sent.tracked },
                held && own && { erp: variantTitle(filled, held, names), medusa: own.title },
              ),
            },
          ]
        : // The ERP did away with it before it was heard of.
          [
            {
              id: child.id,
              expected: { lane: "catalog", seq: child.seq },
              state: "tombstone",
              intents: withoutIntents(child),
            },
          ]
    }),
  ]
}
