import { Creation, CreationOutcome, RequestOptions } from "../../../src/connectors/contract"
import { ErpId, erpId } from "../../../src/sync/ids"
import { FieldName, Values } from "../../../src/sync/values"
import { Blocked } from "../store/memory-database"
import { Dialect, LONGEST_REQUEST_MS } from "./dialects"
import { newProduct, NewVariant } from "./erp-creation"
import { refusalOf } from "./erp-fields"
import { ErpWrite, Made } from "./erp-world"
import { failed, Line, timedOut, tooLate } from "./erp-writer"

/**
 * Creations of the plugin's in the ERP's database, each under a key that the ERP keeps: it is looked
 * for, then sent, then answered, each a step during which anything else may happen. What arrives under
 * a key that is taken makes nothing.
 */
export class ErpCreator {
  constructor(
    private readonly line: Line,
    private readonly dialect: Dialect,
  ) {}

  async create(creations: Creation[], options: RequestOptions): Promise<CreationOutcome[]> {
    const outcomes: CreationOutcome[] = []
    for (const creation of creations) {
      outcomes.push(await this.one(creation, options).catch(failed))
    }
    return outcomes
  }

  /** What exists under these keys now. */
  present(keys: string[]): ReadonlyMap<string, ErpId> {
    return new Map(
      keys.flatMap((key) => {
        const made = this.madeUnder(key)
        return made ? [[key, erpId(made.product)] as const] : []
      }),
    )
  }

  /** A record that was deleted took its key along. */
  private madeUnder(key: string): Made | undefined {
    const { world } = this.line
    const made = world.made.get(key)
    return made && world.store.products.has(made.product) ? made : undefined
  }

  private async one(creation: Creation, options: RequestOptions): Promise<CreationOutcome> {
    const { scheduler, process, faults, clock, random } = this.line
    const named = `creation of ${creation.key}`
    const known = await scheduler.call(process, `${named} looked for`, () => {
      faults.before(named)
      const made = this.madeUnder(creation.key)
      return made ? this.answer(made) : this.refusal(creation)
    })
    if (known) {
      return known
    }
    const write: ErpWrite = { compared_at: null, answered: false, fields: new Map() }
    const flight: { outcome: CreationOutcome | null } = { outcome: null }
    const land = (): void => {
      flight.outcome = this.land(creation, write)
    }
    await scheduler.call(process, `${named} sent`, () => {
      if (options.may_send?.() === false) {
        throw tooLate(named)
      }
      faults.before(named)
      if (faults.happens(faults.rate / 2)) {
        clock.after(random.between(1, LONGEST_REQUEST_MS), land)
        throw timedOut(named)
      }
      clock.after(random.between(1, 200), land)
    })
    return scheduler.call(process, `${named} answered`, () => {
      if (!flight.outcome) {
        throw new Blocked(named)
      }
      faults.after(named)
      write.answered = true
      return flight.outcome
    })
  }

  /** The moment at which it takes effect. */
  private land(creation: Creation, write: ErpWrite): CreationOutcome {
    const { world } = this.line
    const made = this.madeUnder(creation.key)
    const refusal = made ? null : this.refusal(creation)
    if (made || refusal) {
      return made ? this.answer(made) : (refusal ?? GONE)
    }
    world.transaction(
      (tx) => {
        write.made = newProduct(tx, this.dialect, creation)
        world.made.set(creation.key, write.made)
      },
      0,
      { who: "us", write },
    )
    return write.made ? this.answer(write.made) : GONE
  }

  /** Variants are found by the values that they stand for, under whatever id. */
  private answer({ creation, product, variants }: Made): CreationOutcome {
    const rows = this.line.world.variantsOf(product).toSorted(activeFirst)
    return {
      outcome: "created",
      id: erpId(product),
      variants: creation.variants.flatMap(({ key }) => {
        const values = variants.get(key)?.values ?? []
        const row = rows.find(
          (entry) =>
            entry.values.length === values.length &&
            values.every((value) => entry.values.includes(value)),
        )
        return row ? [{ key, id: erpId(row.id) }] : []
      }),
    }
  }

  /** What the ERP has no place for, or does not take, of all that it is given. */
  private refusal(creation: Creation): CreationOutcome | null {
    const records: [string, Values][] = [
      ["product", productValues(creation)],
      ...creation.variants.map(({ sku, barcode }): [string, Values] => [
        "variant",
        { sku, barcode },
      ]),
    ]
    for (const [entity, values] of records) {
      for (const [field, value] of Object.entries(values)) {
        const refusal = this.refusalOfField(entity, field, value)
        if (refusal) {
          return refusal
        }
      }
    }
    return null
  }

  private refusalOfField(
    entity: string,
    field: FieldName,
    value: Values[string],
  ): CreationOutcome | null {
    const unsupported = this.dialect.unsupported[`${entity}.${field}`]
    if (typeof value === "string" && unsupported?.(value)) {
      return { outcome: "unsupported", field, message: "It has no place there.", remedy: "" }
    }
    const message = refusalOf(this.line.world, entity, NOBODY, field, value ?? null)
    return message
      ? { outcome: "invalid", field, value: String(value), message, remedy: "Correct it." }
      : null
  }
}

/** No record has this id: whoever holds a value is another one. */
export const NOBODY = 0

const GONE: CreationOutcome = failed(timedOut("creation"))

const productValues = (creation: Creation): Values => ({
  title: creation.title,
  description: creation.description,
  ...Object.fromEntries(creation.category_ids.map((id) => [`category:${id}`, true])),
})

const activeFirst = (a: NewVariant, b: NewVariant): number => Number(b.active) - Number(a.active)
