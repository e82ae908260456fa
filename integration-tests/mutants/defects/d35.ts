import { Defect } from "../defect"

export const d35: Defect = {
  id: "D35",
  mechanism: "the loser is journaled after the write, and lost with a crash in between",
  breaks: ["I1"],
  start: 1,
  seeds: 20,
  edits: [
    {
      file: "src/engine/commit.ts",
      find: `      ...applied.journal,
      ...retired`,
      replace: `      ...retired`,
    },
    {
      file: "src/engine/commit.ts",
      find: `    return { tally: total, eventIds: { ids, events } }
  })`,
      replace: `    late.push(...applied.journal)
    return { tally: total, eventIds: { ids, events } }
  })
  await context.ledger.transaction((tx) => context.ledger.journal(tx, connected.id, late))`,
    },
    {
      file: "src/engine/commit.ts",
      find: `  const groupId = originOf(batch).group_id
  const { tally`,
      replace: `  const late: JournalEntry[] = []
  const groupId = originOf(batch).group_id
  const { tally`,
    },
  ],
}
