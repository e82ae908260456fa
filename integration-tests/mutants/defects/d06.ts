import { Defect } from "../defect"

export const d06: Defect = {
  id: "D6",
  mechanism: "an echo is suppressed by time window: 5 pushed, 4 sold, 5 again within it is ignored",
  breaks: ["I2", "I5"],
  start: 3,
  seeds: 100,
  edits: [
    {
      file: "src/sync/decide.ts",
      find: `  const state = withIntent(input, rule)
`,
      replace: `  const state = withIntent(input, rule)
  const { replaced } = input
  const held = [replaced?.value, replaced?.to].filter((value) => value !== undefined)
  if (
    replaced &&
    held.some((value) => rule.equalErp(rule.toMedusa(input.erp), value)) &&
    Date.parse(input.now) - Date.parse(replaced.at) < 200 * STALE_RETURN_MS
  ) {
    return { outcome: "unchanged" }
  }
`,
    },
  ],
}
