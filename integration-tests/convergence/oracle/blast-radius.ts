import { Guards, massChangeLimit, movesMuch } from "../../../src/sync/guards"
import { FieldValue, Side } from "../../../src/sync/values"
import { Change } from "../store/memory-database"
import { LinkRow, VariantRow } from "../store/rows"
import { Committer, ErpWorld } from "../world/erp-world"
import { Oracle } from "./oracle"
import { OTHERS } from "./records"

/** A little less than a day: what was announced a day ago may have landed a little later. */
const NEARLY_A_DAY_US = 23 * 60 * 60 * 1_000_000

interface Destroyed {
  /** Of what there are only so many a day: `prices in the ERP`. */
  kind: string
  /** The same thing twice counts once. */
  what: string
  at: number
}

/**
 * Counts what the plugin takes out of sale, and prices that it moves by more than half, on either side,
 * in a rolling day: never more than the guard allows, what a person approved aside (I7).
 */
export class BlastRadius {
  private readonly destroyed: Destroyed[] = []

  constructor(
    private readonly oracle: Oracle,
    private readonly world: ErpWorld,
    private readonly guards: Guards,
  ) {
    oracle.db.onCommit((changes, by) => {
      if (!OTHERS.includes(by)) {
        changes.forEach((change) => this.judgeStore(change))
      }
    })
    world.onCommit((by) => this.judgeErp(by))
  }

  private judgeStore({ table, before, after }: Change): void {
    if (table === "links" && before && after && "erp_id" in after && "state" in before) {
      this.judgeGone(before as LinkRow, after as LinkRow)
    }
    if (table === "variants" && before && after && "prices" in after) {
      this.judgePrices(before as VariantRow, after)
    }
  }

  private judgeGone(before: LinkRow, after: LinkRow): void {
    const { entity } = after
    if (
      (entity === "product" || entity === "category") &&
      before.state === "linked" &&
      after.state === "gone"
    ) {
      const change = { link: after, field: "*", from: "linked", to: "gone" }
      this.note(`${entity} out of sale`, "medusa", change, this.limitOf(entity))
    }
  }

  private judgePrices(before: VariantRow, after: VariantRow): void {
    const link = this.oracle.linkOf("variant", after.id)
    for (const { currency, amount } of link ? (after.prices ?? []) : []) {
      const from = before.prices?.find((price) => price.currency === currency)?.amount ?? null
      if (link && movesMuch(from, amount)) {
        const change = { link, field: `price:${currency}`, from, to: amount }
        this.note("prices", "medusa", change, this.limitOf("prices"))
      }
    }
  }

  private judgeErp(by: Committer): void {
    for (const [key, to] of by.who === "us" && !by.write.made ? by.write.fields : []) {
      const [entity = "", id = "", field = ""] = key.split("/")
      const link = this.oracle.linkByErp(entity, id)
      const [before, present] = this.oracle.erp.of(key).slice(-2)
      const isNew = present?.by === "us" && present.at === this.oracle.now
      if (!link || !isNew || by.who !== "us") {
        continue
      }
      const { compared_at } = by.write
      const change = { link, field, from: before?.value ?? null, to: present.value }
      // A price that came between comparison and write was not there when it was counted.
      const isKnown = compared_at === null || (before?.at ?? 0) < compared_at
      if (field.startsWith("price:") && isKnown && movesMuch(change.from, change.to)) {
        this.note("prices", "erp", change, this.limitOf("prices"))
      }
      if (entity === "product" && field === "active" && to === false) {
        this.note("product out of sale", "erp", change, this.limitOf("product"))
      }
    }
  }

  private limitOf(of: "product" | "category" | "prices"): number {
    const links = this.oracle.db
      .read((view) => view.all("links"))
      .filter(({ state }) => state === "linked" || state === "creating")
    const count = (entity: string): number => links.filter((row) => row.entity === entity).length
    return of === "prices"
      ? massChangeLimit(count("variant"), this.guards.price_share)
      : massChangeLimit(count(of), this.guards.gone_share)
  }

  private note(
    kind: string,
    side: Side,
    change: { link: LinkRow; field: string; from: FieldValue; to: FieldValue },
    limit: number,
  ): void {
    if (this.isApproved(change)) {
      return
    }
    const { link, field } = change
    const place = side === "erp" ? "in the ERP" : "in the store"
    const known = { kind: `${kind} ${place}`, what: `${link.id}/${field}`, at: this.oracle.now }
    this.destroyed.push(known)
    const since = known.at - NEARLY_A_DAY_US
    const today = this.destroyed.filter((row) => row.kind === known.kind && row.at > since)
    const { size } = new Set(today.map((row) => row.what))
    if (size > limit) {
      this.oracle.complain("I7", `${size} ${known.kind} in a day, ${limit} are allowed`)
    }
  }

  private isApproved({ link, field, to }: Parameters<BlastRadius["note"]>[2]): boolean {
    return this.oracle.db.read((view) =>
      view
        .all("journal")
        .some(
          (entry) =>
            entry.kind === "approve" &&
            entry.entity === link.entity &&
            entry.erp_id === link.erp_id &&
            entry.field === field &&
            isSame(entry.to, to),
        ),
    )
  }
}

/** Decimals by their figure, however they are written. */
const isSame = (a: FieldValue, b: FieldValue): boolean =>
  a === b || (typeof a === "string" && typeof b === "string" && Number(a) === Number(b))
