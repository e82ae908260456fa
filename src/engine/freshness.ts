import { Link } from "../sync/values"
import { Batch } from "./context"

/**
 * A read counts for a link only if its request began after the link last changed; else a newer read,
 * or our own write, is already part of its bases, and applying this one would turn time back.
 * Changes made in the course of this very batch are known by their sequence.
 */
export class Freshness {
  private readonly own = new Map<string, number>()

  constructor(private readonly batch: Pick<Batch, "read_seq">) {}

  /** Remembers sequences that this batch's own patches were given. */
  trust(seqs: ReadonlyMap<string, number>): void {
    for (const [id, seq] of seqs) {
      this.own.set(id, seq)
    }
  }

  trustLinks(links: Link[]): void {
    this.trust(new Map(links.map((link) => [link.id, link.seq])))
  }

  isCurrent(link: Link): boolean {
    return link.seq <= this.batch.read_seq || this.own.get(link.id) === link.seq
  }
}

/**
 * Whether a locked link is the one that a stock figure was read for: nobody stored a newer figure, and the
 * catalog lane has not pointed the variant at another record of the ERP, with a figure of its own.
 */
export const isSameStock = (
  { stock_seq, erp_id }: Pick<Link, "stock_seq" | "erp_id">,
  locked: Pick<Link, "stock_seq" | "erp_id"> | undefined,
): boolean => locked?.stock_seq === stock_seq && locked.erp_id === erp_id
