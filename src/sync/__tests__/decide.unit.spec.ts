import { decide, Decision, FieldRule, FieldState } from "../decide"
import { state, textRule } from "./fixtures"

type Case = [string, Partial<FieldState>, Partial<FieldRule>, Partial<Decision>]

const ERP: Partial<FieldRule> = { owner: "erp" }
const MEDUSA: Partial<FieldRule> = { owner: "medusa" }
const BOTH: Partial<FieldRule> = { owner: "both" }

const write = (to: string | null, rule: string, loses: boolean) =>
  ({ outcome: "write", to, rule, loses }) as Partial<Decision>

const TABLE: Case[] = [
  ["nothing moved: an echo ends here", {}, BOTH, { outcome: "unchanged" }],
  [
    "both sides came to hold the same: they agree",
    { erp: "b", medusa: "b" },
    BOTH,
    { outcome: "agree", base_erp: "b", base_medusa: "b" },
  ],
  ["the ERP moved and owns the field", { erp: "b" }, ERP, write("b", "erp_changed", false)],
  ["the ERP moved and shares the field", { erp: "b" }, BOTH, write("b", "erp_changed", false)],
  [
    "the ERP moved a field of Medusa's: drift",
    { erp: "b" },
    MEDUSA,
    { outcome: "drift", reason: "owner_medusa" },
  ],
  [
    "the merchant moved a field of the ERP's: it is restored, and the edit journaled",
    { medusa: "m" },
    ERP,
    write("a", "enforce", true),
  ],
  [
    "the merchant moved a field of the ERP's, and edits are only reported",
    { medusa: "m" },
    { ...ERP, foreign_edits: "report" },
    { outcome: "drift", reason: "foreign_edit" },
  ],
  [
    "the merchant moved a shared field: it waits for write-back",
    { medusa: "m" },
    BOTH,
    { outcome: "pending", value: "m", loses_erp: false },
  ],
  [
    "the merchant moved a field of Medusa's: it waits for write-back",
    { medusa: "m" },
    MEDUSA,
    { outcome: "pending", value: "m", loses_erp: false },
  ],
  [
    "both moved, the ERP owns: it wins",
    { erp: "b", medusa: "m" },
    ERP,
    write("b", "erp_owns", true),
  ],
  [
    "both moved, Medusa owns: it wins",
    { erp: "b", medusa: "m" },
    MEDUSA,
    { outcome: "pending", value: "m", loses_erp: true },
  ],
  [
    "both moved a shared field: the ERP wins by default",
    { erp: "b", medusa: "m" },
    BOTH,
    write("b", "conflict_erp_wins", true),
  ],
  [
    "both moved a shared field, and Medusa wins by option",
    { erp: "b", medusa: "m" },
    { ...BOTH, conflicts: "medusa" },
    { outcome: "pending", value: "m", loses_erp: true },
  ],
  [
    "both moved a shared field, and a person decides: it is frozen",
    { erp: "b", medusa: "m" },
    { ...BOTH, conflicts: "manual" },
    { outcome: "conflict", erp: "b", medusa: "m" },
  ],
]

const BLANKS: Case[] = [
  [
    "a blank that may not clear is refused",
    { erp: " " },
    { ...ERP, blank_clears: false },
    { outcome: "drift", reason: "blank_refused" },
  ],
  [
    "a refused blank counts as unchanged: the later edit in Medusa stands",
    { erp: null, medusa: "m" },
    { ...BOTH, blank_clears: false },
    { outcome: "pending", value: "m", loses_erp: true },
  ],
  [
    "a blank that may clear clears",
    { erp: null },
    { ...BOTH, blank_clears: true },
    write(null, "erp_changed", false),
  ],
  [
    "a blank is never restored over what the merchant wrote",
    { erp: null, base_erp: null, base_medusa: null, medusa: "m" },
    { ...ERP, blank_clears: true },
    { outcome: "drift", reason: "foreign_edit" },
  ],
]

const UNBASED = { base_erp: undefined, base_medusa: undefined }
const FIRST_LINK: Case[] = [
  [
    "equal sides agree",
    { ...UNBASED, erp: "a", medusa: "a" },
    BOTH,
    { outcome: "agree", base_erp: "a", base_medusa: "a" },
  ],
  [
    "the ERP owns and holds something: it wins, the differing loser is journaled",
    { ...UNBASED, medusa: "m" },
    ERP,
    write("a", "first_link", true),
  ],
  [
    "the ERP owns and Medusa is empty: filled, nobody loses",
    { ...UNBASED, medusa: null },
    ERP,
    write("a", "first_link", false),
  ],
  [
    "the ERP owns and is empty: drift",
    { ...UNBASED, erp: null, medusa: "m" },
    ERP,
    { outcome: "drift", reason: "owner_empty" },
  ],
  [
    "Medusa owns and is empty: drift",
    { ...UNBASED, medusa: null },
    MEDUSA,
    { outcome: "drift", reason: "owner_empty" },
  ],
  [
    "Medusa owns and holds something else: pending",
    { ...UNBASED, medusa: "m" },
    MEDUSA,
    { outcome: "pending", value: "m", loses_erp: true },
  ],
  [
    "an empty side of a shared field is filled from the ERP",
    { ...UNBASED, medusa: null },
    BOTH,
    write("a", "first_link", false),
  ],
  [
    "an empty side of a shared field waits for what Medusa holds",
    { ...UNBASED, erp: null, medusa: "m" },
    BOTH,
    { outcome: "pending", value: "m", loses_erp: false },
  ],
  [
    "both hold something of a shared field: the ERP wins by default",
    { ...UNBASED, medusa: "m" },
    BOTH,
    write("a", "first_link", true),
  ],
  [
    "both hold something, and Medusa wins by option",
    { ...UNBASED, medusa: "m" },
    { ...BOTH, first_link: "medusa" },
    { outcome: "pending", loses_erp: true },
  ],
  [
    "both hold something, and a person decides",
    { ...UNBASED, medusa: "m" },
    { ...BOTH, first_link: "manual" },
    { outcome: "conflict" },
  ],
]

const PUSH: Partial<FieldRule> = { owner: "both", held: null }
const push = (to: string | null, rule: string, loses: boolean) =>
  ({ outcome: "push", to, rule, loses }) as Partial<Decision>

const WRITE_BACK: Case[] = [
  ["an edit in Medusa goes to the ERP", { medusa: "m" }, PUSH, push("m", "medusa_changed", false)],
  [
    "a field of Medusa's wins over the ERP's edit, which loses",
    { erp: "b", medusa: "m" },
    { ...PUSH, owner: "medusa" },
    push("m", "medusa_owns", true),
  ],
  [
    "Medusa wins a conflict by option",
    { erp: "b", medusa: "m" },
    { ...PUSH, conflicts: "medusa" },
    push("m", "conflict_medusa_wins", true),
  ],
  [
    "the first link fills an empty ERP",
    { ...UNBASED, erp: null, medusa: "m" },
    PUSH,
    push("m", "first_link", false),
  ],
  [
    "what the ERP makes of the value is said before it is sent",
    { medusa: "m " },
    { ...PUSH, toErp: (value) => String(value).trim() },
    push("m", "medusa_changed", false),
  ],
  [
    "a value that the ERP would store as what it holds says the same",
    { erp: "M", base_erp: "M", medusa: "m" },
    { ...PUSH, toErp: (value) => String(value).toUpperCase() },
    { outcome: "agree", base_erp: "M", base_medusa: "m" },
  ],
  [
    "a blank that may not clear the ERP counts as unchanged",
    { medusa: "" },
    { ...PUSH, blank_clears: false },
    { outcome: "drift", reason: "blank_refused" },
  ],
  [
    "and is journaled when the ERP's next edit replaces it",
    { erp: "b", medusa: "" },
    { ...PUSH, blank_clears: false },
    write("b", "erp_changed", true),
  ],
  [
    "the ERP's refused blank is journaled when Medusa's edit replaces it",
    { erp: null, medusa: "m" },
    { ...PUSH, blank_clears: false },
    push("m", "medusa_changed", true),
  ],
  [
    "a person chose Medusa's value",
    { erp: "b", medusa: "m", resolution: "medusa" },
    { ...PUSH, conflicts: "manual" },
    push("m", "resolved", true),
  ],
  [
    "a person chose the ERP's value",
    { erp: "b", medusa: "m", resolution: "erp" },
    { ...PUSH, conflicts: "manual" },
    write("b", "resolved", true),
  ],
  [
    "a choice is put away once the sides agree",
    { resolution: "erp" },
    PUSH,
    { outcome: "agree", base_erp: "a", base_medusa: "a" },
  ],
  [
    "two values that keep replacing each other are frozen",
    { erp: "b", oscillates: true },
    PUSH,
    { outcome: "conflict", reason: "oscillation", erp: "b", medusa: "a" },
  ],
  [
    "what the ERP has no place for waits",
    { medusa: "m" },
    { ...PUSH, held: "unsupported" },
    { outcome: "pending", reason: "unsupported" },
  ],
]

const run = (name: string, cases: Case[]): void => {
  describe(name, () => {
    it.each(cases)("%s", (_name, given, rule, expected) => {
      expect(decide(state(given), textRule({ held: "push_off", ...rule }))).toMatchObject(expected)
    })
  })
}

run("the table, for one field", TABLE)
run("blanks", BLANKS)
run("write-back", WRITE_BACK)
run("the first link", FIRST_LINK)
