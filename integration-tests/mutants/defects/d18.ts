import { Defect } from "../defect"

export const d18: Defect = {
  id: "D18",
  mechanism: "an update that lists some variants deletes the others",
  breaks: ["I7"],
  start: 2,
  seeds: 20,
  edits: [
    {
      file: "src/engine/restructure.ts",
      find: `  ...structure.delete.map((link): StructureStep => ({`,
      replace: `  ...(creates.length > 0
    ? plan.matches.kept.map(({ link }): StructureStep => ({
        step: "delete_variant",
        variant_id: link.medusa_id,
      }))
    : []),
  ...structure.delete.map((link): StructureStep => ({`,
    },
  ],
}
