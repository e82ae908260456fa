import { VariantCreation, VariantCreationOutcome } from "../connectors/contract"
import { ErpProduct, ErpVariant } from "../sync/canonical"
import { matchKeyOf, optionNames, variantTitle, withDefaultOption } from "../sync/default-option"
import { SyncError, toSyncError } from "../sync/errors"
import { fieldRule, weightOf } from "../sync/field-rules"
import { editOf, NewVariant, planNewVariants, variantField } from "../sync/new-variants"
import { isOf } from "../sync/plan-product"
import { keepRefusal, refusalName } from "../sync/refusals"
import { Rules } from "../sync/rules"
import { MedusaProduct } from "../sync/snapshot"
import { Link, Values } from "../sync/values"
import { Connected, EngineContext } from "./context"
import { ClaimedKey, JournalEntry, LinkPatch, NewLink } from "./ports"
import { refusalIn } from "./send-changes"
import { sentValues, variantBases } from "./sent-bases"

interface Made {
  created: NewVariant
  creation: VariantCreation
  outcome: VariantCreationOutcome
}

/**
 * Creates variants that the merchant added to a linked product in the ERP, each under a key of ours that
 * the ERP keeps. Whatever happens in between, the same key finds the same variant again; and a look that
 * meets one first links it by its values. What the ERP does not take is kept with the product's link,
 * and stands as pending.
 */
export const createVariantsInErp = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  key: ClaimedKey,
  link: Link,
  medusa: MedusaProduct,
): Promise<void> => {
  const now = await context.ledger.now()
  const children = await context.ledger.linksByParent(connected.id, [link.erp_id])
  const links = {
    product: link,
    variants: children.filter(({ entity }) => entity === "variant"),
    options: children.filter(({ entity }) => entity === "option"),
    values: children.filter(({ entity }) => entity === "option_value"),
  }
  const { due } = planNewVariants(connected.rules, links, medusa, now)
  const made = await create(connected, link, due)
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
    await context.ledger.patchLinks(tx, refusals(link, made, now))
    await context.ledger.markDirty(connected.id, marksOf(link, made), tx)
    if (open.length === 0) {
      await context.ledger.finishDirty(tx, connected.id, [key], context.owner)
    }
  })
  await waitForOpen(context, connected, key, open)
}

const create = async (connected: Connected, link: Link, due: NewVariant[]): Promise<Made[]> => {
  const { rules, connector } = connected
  const made: Made[] = []
  const size = Math.max(1, connector.capabilities.max_write_batch)
  for (let start = 0; start < due.length; start += size) {
    const chunk = due.slice(start, start + size)
    const creations = chunk.map((created) => creationOf(rules, link, created))
    const outcomes = await outcomesOf(connected, creations)
    chunk.forEach((created, index) => {
      const creation = creations[index]
      if (creation) {
        made.push({ created, creation, outcome: outcomes[index] ?? unanswered() })
      }
    })
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
): Promise<VariantCreationOutcome[]> => {
  try {
    return (await connector.createVariants?.(creations, { lane: "background" })) ?? []
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
  { created: { variant }, creation, outcome }: Made,
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
      ...variantBases(rules, agreedValues(rules, creation, held), {
        erp: title,
        medusa: variant.title,
      }),
    },
  ]
}

/**
 * What was sent and is there. The ERP may hold something else: what an earlier request sent, whose answer
 * was lost, or an edit of its own. Nothing was agreed on then, and the rules of the first link decide.
 */
const agreedValues = (rules: Rules, creation: VariantCreation, erp: ErpVariant): Values => {
  const present: Values = {
    sku: erp.sku,
    barcode: erp.barcode,
    weight: weightOf(rules, erp.weight),
    ...Object.fromEntries(
      rules.prices.map((mapping) => [
        `price:${mapping.currency}`,
        erp.prices?.find(isOf(mapping))?.amount ?? null,
      ]),
    ),
  }
  return Object.fromEntries(
    Object.entries(sentValues(creation)).filter(([field, value]) => {
      const rule = fieldRule(rules, "variant", field)
      return rule.equalErp(rule.toErp(value), present[field] ?? null)
    }),
  )
}

const createdEntry = (
  erp: ErpProduct | null,
  { created: { variant }, outcome }: Made,
): JournalEntry[] => {
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

/** What the ERP said to each, kept with the product's link; what it said before to one it took is over. */
const refusals = (link: Link, made: Made[], now: string): LinkPatch[] => {
  const kept = Object.fromEntries(
    made.flatMap(({ created, outcome }): [string, string | null][] => {
      const name = refusalName(variantField(created.variant))
      switch (outcome.outcome) {
        case "created":
          return link.kept[name] === undefined ? [] : [[name, null]]
        case "failed":
          return []
        default:
          return [[name, keepRefusal(refusalIn(outcome), editOf(created), now)]]
      }
    }),
  )
  return Object.keys(kept).length > 0
    ? [{ id: link.id, expected: { lane: "catalog", seq: link.seq }, kept }]
    : []
}

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
): Promise<void> => {
  if (open.length === 0) {
    return
  }
  const waits = open.map(({ creation, outcome }) => {
    const error = outcome.outcome === "failed" ? outcome.error : null
    if (error) {
      context.log("warn", `${connected.id}: ${creation.key}: ${error.message}`)
    }
    return error ? (error.retry_after_ms ?? 15_000) : 60_000
  })
  await context.ledger.releaseDirty(connected.id, [key], context.owner, Math.min(...waits))
}
