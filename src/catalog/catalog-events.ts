import { OutgoingEvent } from "../engine/ports"

/**
 * Records whose change has to be told, by the object's name in Medusa's events. The first list holds
 * the workflow-level event (one per record), the second the module-level one (all ids in one), which
 * caches and the index listen to.
 */
const EVENTS = {
  product_updated: { workflow: "product.updated", module: "product.product.updated" },
  variant_updated: {
    workflow: "product-variant.updated",
    module: "product.product-variant.updated",
  },
  category_updated: {
    workflow: "product-category.updated",
    module: "product.product-category.updated",
  },
  tag_created: { workflow: "product-tag.created", module: "product.product-tag.created" },
  translation_created: {
    workflow: "translation.created",
    module: "translation.translation.created",
  },
  translation_updated: {
    workflow: "translation.updated",
    module: "translation.translation.updated",
  },
  item_updated: { workflow: "inventory-item.updated", module: "inventory.inventory-item.updated" },
  level_created: {
    workflow: "inventory-level.created",
    module: "inventory.inventory-level.created",
  },
  level_updated: {
    workflow: "inventory-level.updated",
    module: "inventory.inventory-level.updated",
  },
  price_created: { workflow: null, module: "pricing.price.created" },
  price_updated: { workflow: null, module: "pricing.price.updated" },
  price_deleted: { workflow: null, module: "pricing.price.deleted" },
  price_set_created: { workflow: null, module: "pricing.price-set.created" },
  price_set_linked: { workflow: null, module: "LinkProductVariantPriceSet.attached" },
} as const satisfies Record<string, { workflow: string | null; module: string }>

export type CatalogEvent = keyof typeof EVENTS

/** Collects what was written and names the events that Medusa's own flows would emit for it. */
export class EventCollector {
  readonly #ids = new Map<CatalogEvent, Set<string>>()

  add(event: CatalogEvent, ids: Iterable<string>): void {
    const known = this.#ids.get(event) ?? new Set<string>()
    for (const id of ids) {
      known.add(id)
    }
    if (known.size > 0) {
      this.#ids.set(event, known)
    }
  }

  toEvents(): OutgoingEvent[] {
    return [...this.#ids].flatMap(([event, ids]) => {
      const { workflow, module } = EVENTS[event]
      return [
        moduleEvent(module, [...ids]),
        ...(workflow ? [...ids].map((id) => ({ name: workflow, data: { id } })) : []),
      ]
    })
  }

  /** The workflow-level events alone, for writers whose services emit the others themselves. */
  toWorkflowEvents(): OutgoingEvent[] {
    return this.toEvents().filter((event) => !isModuleEvent(event.name))
  }
}

/** As Medusa's modules build it: one id as text, several as a list. */
const moduleEvent = (name: string, ids: string[]): OutgoingEvent => ({
  name,
  data: { id: ids.length === 1 ? ids[0] : ids },
})

const MODULE_EVENTS = new Set<string>(Object.values(EVENTS).map((event) => event.module))

/** Module-level events are not logged one by one and wait behind the others. */
export const isModuleEvent = (name: string): boolean => MODULE_EVENTS.has(name)
