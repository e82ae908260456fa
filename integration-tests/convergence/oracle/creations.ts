import { FieldValue } from "../../../src/sync/values"
import { LinkRow } from "../store/rows"
import { Committer, ErpWorld, Made } from "../world/erp-world"
import { Oracle } from "./oracle"
import { TABLES } from "./records"
import { erpFields } from "./sides"

/** What the ERP decides by itself of what it is given. */
const OWN: readonly string[] = ["active", "tracked"]

/**
 * Watches over what the plugin makes in the ERP: only products of the merchant's, each announced by its
 * link before, once (I3), with values that the store held (I9), and only where that is asked for.
 */
export class CreationOracle {
  count = 0
  /** ERP products by the store's products that they were made of. */
  private readonly made = new Map<string, number>()

  constructor(
    private readonly oracle: Oracle,
    private readonly world: ErpWorld,
  ) {
    world.onCommit((by) => this.judge(by))
  }

  /** The ERP's product that was made of this one, as long as the ERP has it. */
  madeOf(product: string): number | undefined {
    const id = this.made.get(product)
    return id !== undefined && this.world.store.products.has(id) ? id : undefined
  }

  private judge(by: Committer): void {
    const made = by.who === "us" ? by.write.made : undefined
    if (!made) {
      return
    }
    this.count += 1
    const { create, held } = this.oracle.rules.push
    if (!create || held !== null) {
      this.complain("I9", `product ${made.product} was made, which nobody asked for`)
    }
    const sources = this.sourcesOf(made)
    const [source] = sources
    if (!source || sources.length > 1) {
      return this.complain("I9", `product ${made.product} was made of ${sources.join() || "none"}`)
    }
    const link = this.oracle.linkOf("product", source)
    if (!link) {
      return this.complain("I3", `product ${made.product} was made unannounced`)
    }
    const former = this.madeOf(source)
    if (former !== undefined || link.state !== "creating") {
      this.complain("I3", `${source} was made as ${made.product}, and is ${former ?? link.erp_id}`)
    }
    this.made.set(source, made.product)
    this.judgeValues(made, source)
  }

  /** Whose variants it has, told by their own keys, whatever the product's is; without any, by that. */
  private sourcesOf({ creation }: Made): string[] {
    const owners = creation.variants.map(
      ({ key }) => this.oracle.db.read((view) => view.get("variants", key))?.product_id,
    )
    const own = this.oracle.db.read((view) => view.get("products", creation.key))?.id
    const known = creation.variants.length > 0 ? owners : [own]
    return [...new Set(known)].flatMap((owner) => owner ?? [])
  }

  private judgeValues({ creation, product, variants }: Made, source: string): void {
    const own = new Map<string, readonly ["product" | "variant", string]>([
      [`product/${product}`, ["product", source]],
    ])
    creation.variants.forEach(({ key }) =>
      own.set(`variant/${variants.get(key)?.id}`, ["variant", key]),
    )
    for (const [name, value] of erpFields(this.world, this.oracle.rules)) {
      const [entity, id, field = ""] = name.split("/")
      const [kind, medusaId] = own.get(`${entity}/${id}`) ?? []
      const isDerived = OWN.includes(field) || (kind === "variant" && field === "title")
      if (kind && medusaId && !isDerived && value !== null) {
        this.judgeValue(kind, medusaId, field, value)
      }
    }
  }

  private judgeValue(
    entity: "product" | "variant",
    id: string,
    field: string,
    value: FieldValue,
  ): void {
    const link = this.oracle.linkOf(entity, id)
    if (!link) {
      return this.complain("I3", `${entity} ${id} was made unannounced`)
    }
    if (!this.everHeld(link, field, value)) {
      this.complain(
        "I9",
        `${entity} ${id} was made with ${field} ${value}, never held in the store`,
      )
    }
  }

  private everHeld(link: LinkRow, field: string, value: FieldValue): boolean {
    const { table } = this.oracle
    const rule = table.rule(link, field)
    const category = field.startsWith("category:")
      ? this.oracle.linkByErp("category", field.slice("category:".length))
      : undefined
    const name = category ? `category:${category.medusa_id}` : field
    return this.oracle.medusa.everHeld(`${TABLES[link.entity]}/${link.medusa_id}/${name}`, (held) =>
      rule.equalErp(table.stored(link, field, held), value),
    )
  }

  private complain(invariant: string, text: string): void {
    this.oracle.complain(invariant, `in the ERP: ${text}`)
  }
}
