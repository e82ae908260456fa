import { ErpCategory, ErpProduct } from "../sync/canonical"
import { FieldPlan } from "../sync/plan-fields"
import { FieldName, FieldValue } from "../sync/values"
import { commitPage, LinkWork, PageWork } from "./commit"
import { Batch, Connected, EngineContext } from "./context"
import { Freshness } from "./freshness"
import { guardArchives, guardPrices } from "./guards"
import { loadProducts, planLoaded } from "./load-products"
import { setOverlapsAside } from "./overlaps"
import { oneAtATime } from "./one-at-a-time"
import { emptyPage } from "./page"
import { load as loadCategories, moveCategories, planOne } from "./reconcile-categories"

/** A write of one field as a person saw it planned, and chose it. */
export interface ChosenField {
  link_id: string
  field: FieldName
  erp: FieldValue
  medusa: FieldValue
  /** `write` changes the store, `push` the ERP. */
  outcome: "write" | "push"
  /** What the written side is to hold. */
  to: FieldValue
}

/** A chosen field that was not written. */
export interface LeftField {
  chosen: ChosenField
  /** How it is planned now; null when there is no such field any more. */
  plan: FieldPlan | null
  /** Still as it was shown, and left all the same: held back, locked, or not taken by the ERP. */
  waits: boolean
}

/** The records of one stream that the chosen fields belong to, as they were read for this. */
export type ChosenBatch =
  | { stream: "products"; batch: Batch<ErpProduct> }
  | { stream: "categories"; batch: Batch<ErpCategory> }

/**
 * Writes fields that a person chose, as far as each is planned exactly as it was shown: the same values on
 * both sides, the same side written, the same value. Nothing else of their records moves: whatever else
 * is due stays so for the next look.
 * @returns what was not written
 */
export const applyChosen = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  { stream, batch }: ChosenBatch,
  chosen: ChosenField[],
): Promise<LeftField[]> => {
  const page: PageWork = { ...emptyPage(await context.ledger.now()), chosen: true }
  const fresh = new Freshness(batch)
  const works = (): Promise<LinkWork[]> =>
    stream === "products"
      ? productWorks(context, connected, batch, fresh)
      : categoryWorks(context, connected, batch, fresh)
  const shown = await works()
  const plans = plansByName(shown)
  const equal = chosen.filter((item) => isAsShown(item, plans.get(nameOf(item))))
  if (stream === "categories") {
    const moving = narrowed(shown, equal).filter(({ fields }) => fields.some(isMove))
    const ids = new Set(moving.map(({ key }) => key.erp_id))
    const records = batch.records.filter(({ id }) => ids.has(id))
    await moveCategories(context, connected, batch, records, page, fresh)
  }
  // A move has changed its link: what else was chosen of that one is planned on it.
  const standing = page.written.size > 0 ? await works() : shown
  page.links = narrowed(standing, equal).flatMap((work): LinkWork[] => {
    const fields =
      stream === "categories" ? work.fields.filter((plan) => !isMove(plan)) : work.fields
    return fields.length > 0 ? [{ ...work, fields }] : []
  })
  await setOverlapsAside(context, connected, page)
  await oneAtATime(context, connected, page, async () => {
    // What met a lock is told: a look at its key would write the rest of the record, too.
    page.dirty = []
    await guardPrices(context, connected, page)
    await guardArchives(context, connected, page)
    return commitPage(context, connected, stream, batch, page, async () => undefined)
  })
  return chosen
    .filter(({ link_id, field }) => !isWritten(page, link_id, field))
    .map((item) => ({
      chosen: item,
      plan: plans.get(nameOf(item)) ?? null,
      waits: equal.includes(item),
    }))
}

const productWorks = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpProduct>,
  fresh: Freshness,
): Promise<LinkWork[]> => {
  const loaded = await loadProducts(context, connected, batch.records)
  return batch.records.flatMap((erp): LinkWork[] => {
    const plan = planLoaded(connected, loaded, erp, batch.read_at, true)
    if (plan.kind !== "values") {
      return []
    }
    const key = { stream: "products" as const, erp_id: erp.id }
    const of = (
      entity: LinkWork["entity"],
      { link, fields }: Pick<LinkWork, "link" | "fields">,
      version: string | null,
    ): LinkWork[] =>
      fresh.isCurrent(link)
        ? [{ ...NOTHING_ELSE, key, link, entity, fields, erp_version: version }]
        : []
    return [
      ...of("product", plan, erp.version),
      ...plan.variants.flatMap((variant) => of("variant", variant, variant.erp?.version ?? null)),
    ]
  })
}

const categoryWorks = async <Tx>(
  context: EngineContext<Tx>,
  connected: Connected,
  batch: Batch<ErpCategory>,
  fresh: Freshness,
): Promise<LinkWork[]> => {
  const loaded = await loadCategories(context, connected, batch.records)
  return batch.records.flatMap((erp): LinkWork[] => {
    const plan = planOne(connected, erp, loaded, batch.read_at)
    const link = loaded.links.get(erp.id)
    return plan.kind === "values" && link && fresh.isCurrent(link)
      ? [
          {
            ...NOTHING_ELSE,
            key: { stream: "categories", erp_id: erp.id },
            link,
            entity: "category",
            fields: plan.fields,
            erp_version: erp.version,
          },
        ]
      : []
  })
}

/** Neither the life of the record nor its content hash: only fields were chosen. */
const NOTHING_ELSE: Pick<LinkWork, "extra" | "patch" | "retire"> = {
  extra: [],
  patch: {},
  retire: false,
}

const nameOf = ({ link_id, field }: Pick<ChosenField, "link_id" | "field">): string =>
  `${link_id} ${field}`

const plansByName = (works: LinkWork[]): Map<string, FieldPlan> =>
  new Map(
    works.flatMap(({ link, fields }) =>
      fields.map((plan): [string, FieldPlan] => [
        nameOf({ link_id: link.id, field: plan.field }),
        plan,
      ]),
    ),
  )

const isAsShown = (item: ChosenField, plan: FieldPlan | undefined): boolean =>
  plan !== undefined &&
  plan.erp === item.erp &&
  plan.medusa === item.medusa &&
  plan.decision.outcome === item.outcome &&
  plan.decision.to === item.to

/** The fields that were chosen, and are as they were shown. */
const narrowed = (works: LinkWork[], equal: ChosenField[]): LinkWork[] => {
  const items = new Map(equal.map((item) => [nameOf(item), item]))
  return works.map((work) => ({
    ...work,
    fields: work.fields.filter((plan) => {
      const item = items.get(nameOf({ link_id: work.link.id, field: plan.field }))
      return item !== undefined && isAsShown(item, plan)
    }),
  }))
}

/** A move in the store's tree goes through Medusa's workflow. */
const isMove = ({ field, decision }: FieldPlan): boolean =>
  field === "parent" && decision.outcome === "write"

const isWritten = (page: PageWork, linkId: string, field: FieldName): boolean =>
  page.written.get(linkId)?.has(field) === true ||
  page.pushed.get(linkId)?.written.has(field) === true
