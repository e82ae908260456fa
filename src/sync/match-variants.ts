import { ErpProduct, ErpVariant } from "./canonical"
import { DEFAULT_OPTION_ID, matchKeyOf, projectKey } from "./default-option"
import { ErpId } from "./ids"
import { isElsewhere } from "./reparented"
import { Link } from "./values"

/** How the variants of a complete aggregate read meet the links of that product. */
export interface VariantMatches {
  /** Both there under the same id. */
  kept: { link: Link; erp: ErpVariant }[]
  /** Remade by the ERP under a new id: the link moves, the Medusa variant with its stock and history stays. */
  repointed: { link: Link; erp: ErpVariant }[]
  /** New in the ERP. */
  fresh: ErpVariant[]
  /** Linked, but archived or vanished in the ERP. */
  gone: Link[]
}

/** Keys that occur once, with their item. */
const uniqueBy = <T>(items: T[], key: (item: T) => string): Map<string, T> => {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  }
  return new Map(
    [...groups].flatMap(([value, group]) =>
      group.length === 1 && group[0] !== undefined ? [[value, group[0]] as const] : [],
    ),
  )
}

/**
 * Pairs a product's present variants with its links. A variant that vanished is re-pointed when exactly
 * one new one has the same set of dictionary values; where options were added or removed, when exactly
 * one new variant agrees on the values of the options that remained. Tombstones match by id alone.
 * @param product a complete read, with the default option filled in
 */
export const matchVariants = (product: ErpProduct, links: Link[]): VariantMatches => {
  const byId = new Map<ErpId, Link>(links.map((link) => [link.erp_id, link]))
  const kept: VariantMatches["kept"] = []
  const unmatched: ErpVariant[] = []
  for (const erp of product.variants) {
    const link = byId.get(erp.id)
    if (link) {
      if (erp.active && link.state !== "tombstone") {
        kept.push({ link, erp })
      }
    } else if (erp.active) {
      unmatched.push(erp)
    }
  }
  const keptIds = new Set(kept.map((match) => match.link.id))
  const vanished = links.filter(
    (link) => link.state !== "tombstone" && !keptIds.has(link.id) && !isElsewhere(link, product),
  )

  const repointed = repoint(vanished, unmatched, links, product)
  const movedLinks = new Set(repointed.map((match) => match.link.id))
  const movedVariants = new Set(repointed.map((match) => match.erp.id))
  return {
    kept,
    repointed,
    fresh: unmatched.filter((erp) => !movedVariants.has(erp.id)),
    gone: vanished.filter((link) => !movedLinks.has(link.id)),
  }
}

const repoint = (
  vanished: Link[],
  unmatched: ErpVariant[],
  links: Link[],
  product: ErpProduct,
): VariantMatches["repointed"] => {
  if (vanished.length === 0 || unmatched.length === 0) {
    return []
  }
  const exact = pair(vanished, unmatched, (key) => key)
  const present = new Set<string>(
    product.options.map((option) => option.id).filter((id) => id !== DEFAULT_OPTION_ID),
  )
  const former = new Set(
    links.flatMap((link) =>
      (link.match_key ?? "")
        .split(",")
        .map((entry) => entry.split(":", 1)[0] ?? "")
        .filter((id) => id !== "" && id !== DEFAULT_OPTION_ID),
    ),
  )
  const changed = present.size !== former.size || [...present].some((id) => !former.has(id))
  if (!changed) {
    return exact
  }
  const shared = new Set([...present].filter((id) => former.has(id)))
  const takenLinks = new Set(exact.map((match) => match.link.id))
  const takenVariants = new Set(exact.map((match) => match.erp.id))
  return [
    ...exact,
    ...pair(
      vanished.filter((link) => !takenLinks.has(link.id)),
      unmatched.filter((erp) => !takenVariants.has(erp.id)),
      (key) => projectKey(key, shared),
    ),
  ]
}

const pair = (
  links: Link[],
  variants: ErpVariant[],
  project: (matchKey: string) => string,
): VariantMatches["repointed"] => {
  const byLink = uniqueBy(
    links.filter((link) => link.match_key !== null),
    (link) => project(link.match_key ?? ""),
  )
  const byVariant = uniqueBy(variants, (erp) => project(matchKeyOf(erp)))
  return [...byLink].flatMap(([key, link]) => {
    const erp = byVariant.get(key)
    return erp ? [{ link, erp }] : []
  })
}
