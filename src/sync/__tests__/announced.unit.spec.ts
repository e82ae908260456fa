import {
  announcedNames,
  isAnnounced,
  namesAsAnnounced,
  withAnnounced,
  withoutAnnounced,
} from "../announced"
import { OptionNames, optionNames } from "../default-option"
import { erpId } from "../ids"
import { product } from "./fixtures"

const erp = product({ 1: ["10", "11"], 2: ["20"] }, [])
const NAMELESS: OptionNames = { option: () => undefined, value: () => undefined }

describe("names announced before options are made", () => {
  it("are those that the store is given, option by option and value by value", () => {
    const names: OptionNames = {
      option: (id) => `store ${id}`,
      value: (option, value) => `store ${option} ${value}`,
    }
    expect(announcedNames(erp, names)).toEqual({
      "option:1": "store 1",
      "value:1:10": "store 1 10",
      "value:1:11": "store 1 11",
      "option:2": "store 2",
      "value:2:20": "store 2 20",
    })
  })

  it("are the ERP's where the store has none of its own", () => {
    expect(announcedNames(erp, NAMELESS)).toMatchObject({
      "option:1": "Option 1",
      "value:2:20": "Value 20",
    })
  })

  it("are taken back all at once, and nothing else with them", () => {
    const kept = { ...announcedNames(erp, optionNames(erp)), status: "draft", "my option:1": true }
    expect(withoutAnnounced(kept)).toEqual({
      "option:1": null,
      "value:1:10": null,
      "value:1:11": null,
      "option:2": null,
      "value:2:20": null,
    })
  })

  it("win over what the ERP calls them by now", () => {
    const names = namesAsAnnounced(
      { "option:1": "Colour", "value:1:10": "Red", "value:1:11": true },
      optionNames(erp),
    )
    expect([names.option("1"), names.option("2")]).toEqual(["Colour", "Option 2"])
    expect([names.value("1", "10"), names.value("1", "11"), names.value("2", "20")]).toEqual([
      "Red",
      "Value 11",
      "Value 20",
    ])
  })

  it("are known by option, and by option and value", () => {
    const kept = { "option:1": "Colour", "value:1:10": "Red" }
    expect(isAnnounced(kept, erpId("1"))).toBe(true)
    expect(isAnnounced(kept, erpId("2"))).toBe(false)
    expect(isAnnounced(kept, erpId("1"), erpId("10"))).toBe(true)
    expect(isAnnounced(kept, erpId("1"), erpId("11"))).toBe(false)
  })
})

describe("options and values announced once, with those that the ERP has now", () => {
  const options = (kept: Parameters<typeof withAnnounced>[1]) => withAnnounced(erp, kept).options

  it("are the ERP's alone where nothing was announced, or nothing else", () => {
    expect(withAnnounced(erp, {})).toEqual(erp)
    expect(withAnnounced(erp, announcedNames(erp, optionNames(erp)))).toEqual(erp)
  })

  it("take the ERP's present title where both have one", () => {
    expect(options({ "option:1": "Former", "value:1:10": "Former" })).toEqual(erp.options)
  })

  it("stand under the name they were announced with where the ERP gave them up", () => {
    expect(options({ "option:3": "Size", "value:3:30": "L", "value:3:31": "M" })).toEqual([
      ...erp.options,
      {
        id: "3",
        title: "Size",
        values: [
          { id: "30", title: "L" },
          { id: "31", title: "M" },
        ],
      },
    ])
  })

  it("keep to their own option, also where the ids of values repeat", () => {
    const values = options({ "value:2:10": "Ten of two" }).map((option) => option.values)
    expect(values).toEqual([
      erp.options[0]?.values,
      [...(erp.options[1]?.values ?? []), { id: "10", title: "Ten of two" }],
    ])
  })

  it("are none where the name was taken back, or says something else", () => {
    const kept = { "option:3": null, "value:1:12": null, status: "draft", "refused:1": "no" }
    expect(options(kept)).toEqual(erp.options)
    expect(options({ "note:1:12": "no", "value:9:90": "of no option" })).toEqual(erp.options)
  })
})
