import type { ChangeKind } from "../../src/connectors/conformance"
import { colouredPng, type OdooVersion, type World } from "../erp/odoo"

const TEMPLATE = "product.template"
const VARIANT = "product.product"

/** Every kind of change of the reference's table, made past the network by the simulator's hand. */
export const simulatedChanges = (version: OdooVersion, open: () => World): ChangeKind[] => {
  const world = lazily(open)
  const pick = new Picker(world)
  const storable = version === 17 ? { detailed_type: "product" } : { is_storable: true }
  const write = (model: string, id: number, vals: Parameters<World["write"]>[2]) =>
    world.write(model, id, vals)
  const lineOf = (template: number) =>
    pick.first("product.template.attribute.line", [
      ["product_tmpl_id", "=", template],
      ["value_count", ">", 1],
    ])
  const changes: Record<string, () => void> = {
    "template renamed": () => write(TEMPLATE, pick.template(), { name: `Renamed ${pick.next()}` }),
    "description changed": () =>
      write(TEMPLATE, pick.template(), { description_sale: `Said ${pick.next()}` }),
    "template archived": () => world.archive(TEMPLATE, pick.template()),
    "template unarchived": () => {
      const id = pick.template()
      world.archive(TEMPLATE, id)
      pick.hourLater()
      world.unarchive(TEMPLATE, id)
    },
    "template taken off sale": () => write(TEMPLATE, pick.template(), { sale_ok: false }),
    "template put on sale": () => {
      const id = pick.template()
      write(TEMPLATE, id, { sale_ok: false })
      pick.hourLater()
      write(TEMPLATE, id, { sale_ok: true })
    },
    "template created": () => {
      world.create(TEMPLATE, { name: `New ${pick.next()}`, list_price: 12.5, ...storable })
    },
    "template deleted": () => {
      const id = world.create(TEMPLATE, { name: `Short-lived ${pick.next()}` })
      pick.hourLater()
      world.unlink(TEMPLATE, id)
    },
    "template saved without a change": () => write(TEMPLATE, pick.template(), {}),
    "category renamed": () =>
      write("product.category", pick.category(), { name: `C ${pick.next()}` }),
    "category created": () => {
      world.create("product.category", { name: `New ${pick.next()}`, parent_id: pick.category() })
    },
    "category moved": () => {
      const parent = world.create("product.category", { name: `Above ${pick.next()}` })
      write("product.category", pick.category(), { parent_id: parent })
    },
    "template moved to another category": () =>
      write(TEMPLATE, pick.template(), { categ_id: pick.category() }),
    "list price changed": () => write(TEMPLATE, pick.template(), { list_price: 0.1 + 0.2 }),
    "price extra of a value changed": () =>
      write("product.template.attribute.value", pick.usedValue(), {
        price_extra: pick.next() + 0.1,
      }),
    "attribute renamed": () =>
      write("product.attribute", pick.usedAttribute(), { name: `Attribute ${pick.next()}` }),
    "attribute value renamed": () =>
      write("product.attribute.value", pick.usedGlobalValue(), { name: `Value ${pick.next()}` }),
    "variant code changed": () =>
      write(VARIANT, pick.variant(), { default_code: `K-${pick.next()}` }),
    "variant barcode changed": () =>
      write(VARIANT, pick.variant(), { barcode: `77${pick.next()}` }),
    "variant weight changed": () => write(VARIANT, pick.variant(), { weight: pick.next() / 10 }),
    "variant archived": () => world.archive(VARIANT, pick.variantOfMany()),
    "value removed from an attribute line": () => {
      const line = lineOf(pick.templateOf(pick.variantOfMany()))
      const [row] = world.read("product.template.attribute.line", line, ["value_ids"])
      const values = row?.["value_ids"] as unknown as number[]
      write("product.template.attribute.line", line, { value_ids: [[6, 0, values.slice(0, -1)]] })
    },
    "quantity set": () => world.setStock(pick.stocked(), pick.shelf(), pick.next() + 0.25),
    "quantity set to zero and its rows removed": () => {
      const variant = pick.stocked()
      const shelf = pick.shelf()
      world.setStock(variant, shelf, 5)
      pick.hourLater()
      world.setStock(variant, shelf, 0)
      world.dropEmptyQuants()
    },
    "goods moved between two locations": () => {
      const variant = pick.stocked()
      world.setStock(variant, pick.shelf(), 9)
      pick.hourLater()
      world.move(variant, pick.shelf(), pick.shelf(1), 4)
    },
    "goods reserved": () => {
      const variant = pick.stocked()
      world.setStock(variant, pick.shelf(), 9)
      pick.hourLater()
      world.reserve(variant, pick.shelf(), 2)
    },
    "goods shipped": () => {
      const variant = pick.stocked()
      world.setStock(variant, pick.shelf(), 9)
      const line = world.reserve(variant, pick.shelf(), 2)
      pick.hourLater()
      world.ship(line)
    },
    "image set": () => write(TEMPLATE, pick.template(), { image_1920: colouredPng(1, 2, 3) }),
    "image changed": () => {
      const id = pick.template()
      write(TEMPLATE, id, { image_1920: colouredPng(1, 2, 3) })
      pick.hourLater()
      write(TEMPLATE, id, { image_1920: colouredPng(3, 2, 1) })
    },
    "image set again as it is": () => {
      const id = pick.template()
      write(TEMPLATE, id, { image_1920: colouredPng(1, 2, 3) })
      pick.hourLater()
      write(TEMPLATE, id, { image_1920: colouredPng(1, 2, 3) })
    },
    "image taken away": () => {
      const id = pick.template()
      write(TEMPLATE, id, { image_1920: colouredPng(1, 2, 3) })
      pick.hourLater()
      write(TEMPLATE, id, { image_1920: false })
    },
    "variant's own image set": () =>
      write(VARIANT, pick.variantOfMany(), { image_variant_1920: colouredPng(4, 5, 6) }),
    "variant's own image taken away": () => {
      const id = pick.variantOfMany()
      write(VARIANT, id, { image_variant_1920: colouredPng(4, 5, 6) })
      pick.hourLater()
      write(VARIANT, id, { image_variant_1920: false })
    },
    "template made storable": () => {
      const id = world.create(TEMPLATE, { name: `Consumed ${pick.next()}` })
      pick.hourLater()
      write(TEMPLATE, id, storable)
    },
  }
  return Object.entries(changes).map(([name, change]) => ({
    name,
    make: () => {
      pick.hourLater()
      change()
      return Promise.resolve()
    },
  }))
}

/** The world as it is when a change is made: the names are known before the simulator runs. */
const lazily = (open: () => World): World =>
  new Proxy({} as World, {
    get: (_, name: keyof World) => {
      const member: unknown = open()[name]
      return typeof member === "function" ? (member as () => unknown).bind(open()) : member
    },
    set: (_, name: string, value: unknown) => Reflect.set(open(), name, value),
  })

const HOUR = 3_600_000_000

/** Chooses records, another one each time, and lets an hour pass so that windows are really needed. */
class Picker {
  private count = 0

  constructor(private readonly world: World) {}

  next(): number {
    this.count += 1
    return this.count
  }

  hourLater(): void {
    const now = this.world.clock() + HOUR
    this.world.clock = () => now
  }

  first(model: string, domain: unknown[]): number {
    return this.one(model, domain, 0)
  }

  template(): number {
    return this.one("product.template", [["sale_ok", "=", true]], this.next())
  }

  variant(): number {
    return this.one("product.product", [["product_tmpl_id.sale_ok", "=", true]], this.next() * 7)
  }

  variantOfMany(): number {
    return this.one(
      "product.product",
      [
        ["product_tmpl_id.sale_ok", "=", true],
        ["product_template_attribute_value_ids", "!=", false],
      ],
      this.next() * 5,
    )
  }

  stocked(): number {
    const goods = [
      ["product_tmpl_id.sale_ok", "=", true],
      ["stock_quant_ids", "!=", false],
    ]
    return this.one("product.product", goods, this.next() * 3)
  }

  templateOf(variant: number): number {
    const [row] = this.world.read("product.product", variant, ["product_tmpl_id"])
    const template = row?.["product_tmpl_id"]
    return Array.isArray(template) ? Number(template[0]) : Number(template)
  }

  category(): number {
    return this.one("product.category", [], this.next())
  }

  usedValue(): number {
    return this.idsOfVariant(this.variantOfMany(), "product_template_attribute_value_ids")
  }

  usedGlobalValue(): number {
    return this.related("product_attribute_value_id")
  }

  usedAttribute(): number {
    return this.related("attribute_id")
  }

  shelf(at = 0): number {
    return this.one("stock.location", [["usage", "=", "internal"]], at)
  }

  private related(field: string): number {
    const [row] = this.world.read("product.template.attribute.value", this.usedValue(), [field])
    const value = row?.[field]
    return Array.isArray(value) ? Number(value[0]) : Number(value)
  }

  private idsOfVariant(variant: number, field: string): number {
    const [row] = this.world.read("product.product", variant, [field])
    return Number((row?.[field] as unknown as number[])[0])
  }

  private one(model: string, domain: unknown[], at: number): number {
    const ids = this.world.search(model, domain as never)
    const id = ids[at % Math.max(ids.length, 1)]
    if (id === undefined) throw new Error(`The simulator holds no ${model} that fits.`)
    return id
  }
}
