import { Defect } from "../defect"

export const d16: Defect = {
  id: "D16",
  mechanism: "the base is re-read after the write and swallows an edit made in between",
  breaks: ["I1"],
  start: 1,
  seeds: 100,
  edits: [
    {
      file: "src/engine/commit.ts",
      find: `  await flushEvents(context, groupId, eventIds.ids, eventIds.events)
  return tally`,
      replace: `  for (const { link, entity, fields } of entityWork(page)) {
    const held = (await context.catalog.readProducts([link.medusa_id])).get(link.medusa_id)
    if (entity === "product" && held && fields.some((plan) => plan.field === "title")) {
      await context.ledger.transaction(async (tx) => {
        const seq = (await context.ledger.lockLinks(tx, [link.id])).get(link.id)?.seq ?? 0
        const expected = { lane: "catalog" as const, seq }
        await context.ledger.patchLinks(tx, [
          { id: link.id, expected, base_medusa: { title: held.title } },
        ])
      })
    }
  }
  await flushEvents(context, groupId, eventIds.ids, eventIds.events)
  return tally`,
    },
    {
      file: "src/engine/commit.ts",
      find: `/** Links on which nothing moves are not touched at all: an unchanged pass writes nothing. */`,
      replace: `const entityWork = (page: PageWork): LinkWork[] =>
  page.links.filter(({ fields }) => fields.some((plan) => plan.decision.outcome === "write"))

/** Links on which nothing moves are not touched at all: an unchanged pass writes nothing. */`,
    },
  ],
}
