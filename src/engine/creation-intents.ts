import { CreatedVariant, Creation } from "../connectors/contract"
import { fieldRule } from "../sync/field-rules"
import { erpId, ErpId, MedusaId } from "../sync/ids"
import { FieldValue, Intent, Link, Values } from "../sync/values"
import { Connected, EngineContext } from "./context"
import { ClaimedKey, LinkPatch } from "./ports"
import { requestLife } from "./request-life"
import { sentValues } from "./sent-bases"

interface Creating {
  key: ClaimedKey
  link: Link
  variants: Link[]
  creation: Creation
  arrived: boolean
}

/**
 * Announces with the links what is about to be sent. A creation that was announced before, and of which
 * nobody has heard, is looked for first: where it arrived, what was announced then stands; where it did
 * not, it waits until the request cannot take effect any more.
 * @returns what may be sent now, each with its announcement
 */
export const announceValues = async <Tx, C extends Creating>(
  context: EngineContext<Tx>,
  connected: Connected,
  creating: C[],
): Promise<C[]> => {
  const now = await context.ledger.now()
  const found = await arrivedOf(
    connected,
    creating.filter(({ link }) => openUntil(link) > 0).map(({ link }) => link.medusa_id),
  )
  const arrived = creating.filter(({ link }) => found.has(link.medusa_id))
  const missing = creating.filter((entry) => !arrived.includes(entry))
  const waiting = missing.filter(({ link }) => openUntil(link) > Date.parse(now))
  for (const { key, link } of waiting) {
    const wait = openUntil(link) - Date.parse(now)
    await context.ledger.releaseDirty(connected.id, [key], context.owner, wait)
  }
  const due = missing.filter((entry) => !waiting.includes(entry))
  return [
    ...arrived.map((entry) => ({
      ...entry,
      arrived: true,
      creation: asAnnounced(entry.creation, entry.link, entry.variants),
    })),
    ...(await announced(context, connected, due, now)),
  ]
}

/** Which of these are in the ERP, under the keys of their records in the store. */
export const arrivedOf = async (
  { connector }: Connected,
  keys: readonly MedusaId[],
): Promise<ReadonlyMap<string, ErpId>> =>
  keys.length > 0 ? ((await connector.findCreated?.([...keys])) ?? new Map()) : new Map()

/** Until when what was announced for a link may take effect, in milliseconds; 0 when nothing was. */
export const openUntil = ({ intents }: Link): number =>
  Math.max(0, ...Object.values(intents).map(({ until }) => (until ? Date.parse(until) : 0)))

/** What was announced is settled, or certain not to have happened. */
export const withoutIntents = ({ intents }: Link): NonNullable<LinkPatch["intents"]> =>
  Object.fromEntries(Object.keys(intents).map((field) => [field, null]))

/** The creation as it was announced: the same values again, whatever the store holds by now. */
export const asAnnounced = (creation: Creation, link: Link, variants: Link[]): Creation => {
  const values = sourcesOf(link)
  return {
    ...creation,
    title: textOf(values["title"]) ?? creation.title,
    description: textOf(values["description"]),
    category_ids: Object.keys(values).flatMap((field) =>
      field.startsWith(CATEGORY) ? [erpId(field.slice(CATEGORY.length))] : [],
    ),
    variants: creation.variants.map((variant) => {
      const child = variants.find(({ medusa_id }) => medusa_id === variant.key)
      const held = child ? sourcesOf(child) : {}
      return "sku" in held ? variantAsAnnounced(variant, held) : variant
    }),
  }
}

const CATEGORY = "category:"

const variantAsAnnounced = (variant: CreatedVariant, held: Values): CreatedVariant => ({
  ...variant,
  sku: textOf(held["sku"]),
  barcode: textOf(held["barcode"]),
  weight: textOf(held["weight"]),
  tracked: held["tracked"] === true,
  prices: variant.prices.map((price) => ({
    ...price,
    amount: textOf(held[`price:${price.currency}`]) ?? price.amount,
  })),
})

const sourcesOf = ({ intents }: Link): Values =>
  Object.fromEntries(
    Object.entries(intents).map(([field, { source_value }]) => [field, source_value]),
  )

const textOf = (value: FieldValue | undefined): string | null =>
  typeof value === "string" ? value : null

const announced = async <Tx, C extends Creating>(
  context: EngineContext<Tx>,
  connected: Connected,
  due: C[],
  at: string,
): Promise<C[]> => {
  const until = requestLife(connected, at)
  const told = new Map<string, Link["intents"]>()
  for (const { link, variants, creation } of due) {
    told.set(link.id, intentsOf(connected, "product", productValues(creation), at, until))
    for (const child of variants) {
      const sent = creation.variants.find(({ key }) => key === child.medusa_id)
      told.set(
        child.id,
        intentsOf(
          connected,
          "variant",
          sent ? { ...sentValues(sent), tracked: sent.tracked } : {},
          at,
          until,
        ),
      )
    }
  }
  const links = due.flatMap(({ link, variants }) => [link, ...variants])
  const { seqs } = await context.ledger.transaction((tx) =>
    context.ledger.patchLinks(
      tx,
      links.map((link) => ({
        id: link.id,
        expected: { lane: "catalog", seq: link.seq },
        intents: { ...withoutIntents(link), ...told.get(link.id) },
      })),
    ),
  )
  const present = (link: Link): Link => ({
    ...link,
    seq: seqs.get(link.id) ?? link.seq,
    intents: told.get(link.id) ?? {},
  })
  return due
    .filter(({ link }) => seqs.has(link.id))
    .map((entry) => ({
      ...entry,
      link: present(entry.link),
      variants: entry.variants.map(present),
    }))
}

const intentsOf = (
  connected: Connected,
  entity: "product" | "variant",
  sent: Values,
  at: string,
  until: string,
): Record<string, Intent> =>
  Object.fromEntries(
    Object.entries(sent).map(([field, value]) => [
      field,
      {
        source: "medusa",
        source_value: value,
        target_value: fieldRule(connected.rules, entity, field).toErp(value),
        replaced_value: null,
        target_version: null,
        at,
        until,
      },
    ]),
  )

const productValues = ({ title, description, category_ids }: Creation): Values => ({
  title,
  description,
  ...Object.fromEntries(category_ids.map((id) => [`category:${id}`, true])),
})
