import { Random } from "../convergence/random"
import { Side } from "./two-sided-history"
import { rowsOf, TwoSided } from "./two-sided-stage"

/** A linked product, with its linked variants, by the ids of both sides. */
export interface Subject {
  odoo: number
  store: string
  variants: { odoo: number; store: string }[]
}

export interface CategoryPair {
  odoo: number
  store: string
}

/** So many products take most of the edits, so that both sides meet. */
const HOT = 12

/** What can be edited now: what is linked. */
export class Pool {
  constructor(
    private readonly stage: TwoSided,
    private readonly random: Random,
  ) {}

  async subjects(): Promise<Subject[]> {
    return rowsOf<Subject>(
      this.stage,
      `select p.erp_id::int as odoo, p.medusa_id as store, (
         select json_agg(json_build_object('odoo', v.erp_id::int, 'store', v.medusa_id)
                         order by v.erp_id::int)
           from erp_link v
          where v.entity = 'variant' and v.state = 'linked' and v.parent_erp_id = p.erp_id) as variants
       from erp_link p
       where p.entity = 'product' and p.state in ('linked', 'gone') and p.erp_id not like 'new:%'
         and exists (select from erp_link v where v.entity = 'variant' and v.state = 'linked'
                        and v.parent_erp_id = p.erp_id and v.erp_id not like 'new:%')
       order by 1`,
    )
  }

  /** Mostly one that the other side edited last or one of the hot ones, at times any. */
  async subject(theirs: string | undefined, side: Side): Promise<Subject> {
    const all = await this.subjects()
    const last = all.find(
      (subject) =>
        theirs !== undefined &&
        (String(side === "odoo" ? subject.store : subject.odoo) === theirs ||
          subject.variants.some(
            (variant) => String(side === "odoo" ? variant.store : variant.odoo) === theirs,
          )),
    )
    if (last && this.random.chance(0.35)) {
      return last
    }
    const found = this.random.pick(this.random.chance(0.6) ? all.slice(-HOT) : all)
    if (!found) {
      throw new Error("Nothing is linked.")
    }
    return found
  }

  /** In the order in which they were made in Odoo: a parent always comes before its child. */
  categories(): Promise<CategoryPair[]> {
    return rowsOf<CategoryPair>(
      this.stage,
      `select erp_id::int as odoo, medusa_id as store from erp_link
        where entity = 'category' and state = 'linked' order by 1`,
    )
  }

  /** A category, and one that may become its parent without closing a circle. */
  async move(): Promise<{ child: CategoryPair; parent: CategoryPair } | null> {
    const all = await this.categories()
    const at = this.random.between(1, all.length - 1)
    const [child, parent] = [all[at], all[this.random.between(0, at - 1)]]
    return child && parent ? { child, parent } : null
  }
}
