import { MedusaId } from "../../../src/sync/ids"
import { FieldValue, Link } from "../../../src/sync/values"
import { Extras } from "../extras"
import { Blocked, MemoryDatabase, View } from "../store/memory-database"
import { ProductRow, VariantRow } from "../store/rows"
import { Editor, pickRow } from "./erp-edits"
import { editCategory, flipCategory, openLevel, reprice, restock } from "./merchant-edits"
import { barcode, description, sku, title } from "./merchant-texts"
import { makeProduct } from "./new-products"

/** What the merchant touched, for the events that may or may not reach the plugin. */
export interface Touched {
  entity: "product" | "variant" | "category"
  id: MedusaId
}

type Edit = (view: View, editor: Editor) => Touched | null
type ProductChange = (row: ProductRow, editor: Editor, view: View) => Partial<ProductRow>
type VariantChange = (row: VariantRow, editor: Editor, view: View) => Partial<VariantRow>

const MANY: readonly (readonly [string, number, Edit])[] = [
  ["title", 8, product((_row, on) => ({ title: title(on) }))],
  ["description", 5, product((_row, on) => ({ description: description(on) }))],
  [
    "publish",
    3,
    product((row) => ({ status: row.status === "published" ? "draft" : "published" })),
  ],
  ["category", 7, product((row, on, view) => flipCategory(view, on, row))],
  ["delete product", 1, product(() => ({ deleted: true }))],
  ["variant title", 2, variant((_row, on) => ({ title: on.fresh("Shop variant") }))],
  ["sku", 4, variant((row, on, view) => unique(view, row, "sku", sku(on)))],
  ["barcode", 4, variant((row, on, view) => unique(view, row, "barcode", barcode(on)))],
  ["weight", 4, variant((_row, on) => ({ weight: String(on.random.between(1, 9000)) }))],
  ["price", 6, variant((row, on) => reprice(on, row, "eur"))],
  ["dollars", 2, variant((row, on) => reprice(on, row, "usd"))],
  ["backorder", 2, variant((row) => ({ allow_backorder: !row.allow_backorder }))],
  ["delete variant", 1, variant(() => ({ deleted: true, item_id: null }))],
  ["category name", 3, (view, on) => editCategory(view, on, "name")],
  ["category active", 2, (view, on) => editCategory(view, on, "is_active")],
  ["category move", 3, (view, on) => editCategory(view, on, "parent_id")],
  ["delete category", 1, (view, on) => editCategory(view, on, "deleted")],
  ["stocktaking", 5, (view, on) => restock(view, on)],
]

/** What the merchant does besides, in worlds that have it. */
const MORE: Readonly<Record<keyof Extras, typeof MANY>> = {
  creates: [["new product", 7, (view, on) => makeProduct(view, on)]],
  counts: [
    ["new level", 10, (view, on) => openLevel(view, on)],
    ["count", 8, (view, on) => restock(view, on)],
  ],
  tight: [["one product less", 4, product(() => ({ deleted: true }))]],
}

/** A form that was opened, and may be saved much later with what it showed then. */
interface Form {
  table: "products" | "variants"
  id: MedusaId
  field: "title" | "description" | "sku" | "weight"
  value: FieldValue
}

/** The merchant in Medusa's admin: edits, and forms that write back what they once read. */
export class Merchant {
  private forms: Form[] = []
  private readonly edits: readonly (readonly [(typeof MANY)[number], number])[]

  constructor(
    private readonly db: MemoryDatabase,
    private readonly editor: Editor,
    extras: Extras,
  ) {
    const more = (["creates", "counts", "tight"] as const).flatMap((extra) =>
      extras[extra] ? MORE[extra] : [],
    )
    this.edits = [...MANY, ...more].map((entry) => [entry, entry[1]] as const)
  }

  /** One edit; null when there was nothing to edit or a row was taken. */
  act(): { name: string; touched: Touched } | null {
    const { random } = this.editor
    const edit = random.weighted(this.edits)
    if (!edit) {
      return null
    }
    try {
      return this.db.run(null, "merchant", (view) => {
        if (random.chance(0.3)) {
          this.open(view)
        }
        if (random.chance(0.1)) {
          const touched = this.save(view)
          return touched && { name: "saves an old form of", touched }
        }
        const touched = edit[2](view, this.editor)
        return touched && { name: edit[0], touched }
      })
    } catch (error) {
      if (error instanceof Blocked) {
        return null
      }
      throw error
    }
  }

  /** Another value in one of these fields of a record; null when there is none to edit, or it is taken. */
  editAgain(
    { entity, medusa_id: id }: Pick<Link, "entity" | "medusa_id">,
    fields: string[],
  ): string | null {
    const { fresh } = this.editor
    try {
      return this.db.run(null, "merchant", (view) => {
        const product = entity === "product" ? view.get("products", id) : undefined
        const field = (["title", "description"] as const).find((name) => fields.includes(name))
        if (product && !product.deleted && field) {
          view.put("products", id, { ...product, [field]: fresh("Shop text") })
          return field
        }
        const row = entity === "variant" ? view.get("variants", id) : undefined
        const code = (["sku", "barcode"] as const).find((name) => fields.includes(name))
        if (row && !row.deleted && code) {
          view.put("variants", id, { ...row, [code]: fresh("shop") })
          return code
        }
        return null
      })
    } catch (error) {
      if (error instanceof Blocked) {
        return null
      }
      throw error
    }
  }

  private open(view: View): void {
    const { random } = this.editor
    const row = pickRow(this.editor, live(view, "products"))
    const child = pickRow(this.editor, live(view, "variants"))
    const form: Form | undefined | null = random.chance(0.7)
      ? row && {
          table: "products",
          id: row.id,
          ...(random.chance(0.6)
            ? { field: "title", value: row.title }
            : { field: "description", value: row.description }),
        }
      : child && {
          table: "variants",
          id: child.id,
          ...(random.chance(0.5)
            ? { field: "sku", value: child.sku }
            : { field: "weight", value: child.weight }),
        }
    if (form) {
      this.forms = [...this.forms.slice(-5), form]
    }
  }

  private save(view: View): Touched | null {
    const form = this.editor.random.pick(this.forms)
    if (!form) {
      return null
    }
    this.forms = this.forms.filter((entry) => entry !== form)
    if (form.table === "products") {
      const row = view.get("products", form.id)
      if (!row || row.deleted || row[form.field as "title"] === form.value) {
        return null
      }
      view.put("products", row.id, { ...row, [form.field]: form.value })
      return { entity: "product", id: row.id }
    }
    const row = view.get("variants", form.id)
    const field = form.field as "sku" | "weight"
    if (!row || row.deleted || row[field] === form.value) {
      return null
    }
    const change = field === "sku" ? unique(view, row, "sku", form.value) : { weight: form.value }
    view.put("variants", row.id, { ...row, ...(change as Partial<VariantRow>) })
    return { entity: "variant", id: row.id }
  }
}

const live = <T extends "products" | "variants">(view: View, table: T) =>
  view.all(table).filter((row) => !row.deleted)

function product(change: ProductChange): Edit {
  return (view, editor) => {
    const row = pickRow(editor, live(view, "products"))
    if (!row) {
      return null
    }
    const next = { ...row, ...change(row, editor, view) }
    view.put("products", row.id, next)
    if (next.deleted) {
      for (const child of view.all("variants").filter((entry) => entry.product_id === row.id)) {
        view.put("variants", child.id, { ...child, deleted: true, item_id: null })
      }
    }
    return { entity: "product", id: row.id }
  }
}

function variant(change: VariantChange): Edit {
  return (view, editor) => {
    const row = pickRow(editor, live(view, "variants"))
    if (!row) {
      return null
    }
    view.put("variants", row.id, { ...row, ...change(row, editor, view) })
    return { entity: "variant", id: row.id }
  }
}

/** Medusa refuses a second variant with the same code. */
function unique(
  view: View,
  row: VariantRow,
  field: "sku" | "barcode",
  value: FieldValue,
): Partial<VariantRow> {
  const taken =
    value !== null &&
    view.all("variants").some((other) => other !== row && !other.deleted && other[field] === value)
  return taken ? {} : { [field]: value }
}
