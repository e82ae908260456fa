import { Defect } from "../defect"
import { d01 } from "./d01"
import { d02 } from "./d02"
import { d03 } from "./d03"
import { d04 } from "./d04"
import { d05 } from "./d05"
import { d06 } from "./d06"
import { d07 } from "./d07"
import { d08 } from "./d08"
import { d09 } from "./d09"
import { d10 } from "./d10"
import { d11 } from "./d11"
import { d12 } from "./d12"
import { d13 } from "./d13"
import { d14 } from "./d14"
import { d15 } from "./d15"
import { d16 } from "./d16"
import { d17 } from "./d17"
import { d18 } from "./d18"
import { d19 } from "./d19"
import { d20 } from "./d20"
import { d21 } from "./d21"
import { d22 } from "./d22"
import { d23 } from "./d23"
import { d24 } from "./d24"
import { d25 } from "./d25"
import { d26 } from "./d26"
import { d27 } from "./d27"
import { d28 } from "./d28"
import { d29 } from "./d29"
import { d30 } from "./d30"
import { d31 } from "./d31"
import { d32 } from "./d32"
import { d33 } from "./d33"
import { d34 } from "./d34"
import { d35 } from "./d35"
import { d36 } from "./d36"
import { d37 } from "./d37"
import { d38 } from "./d38"
import { d39 } from "./d39"
import { d40 } from "./d40"

/** Real defects, most of them found in the connectors of today, by their number. */
export const DEFECTS: readonly Defect[] = [
  d01,
  d02,
  d03,
  d04,
  d05,
  d06,
  d07,
  d08,
  d09,
  d10,
  d11,
  d12,
  d13,
  d14,
  d15,
  d16,
  d17,
  d18,
  d19,
  d20,
  d21,
  d22,
  d23,
  d24,
  d25,
  d26,
  d27,
  d28,
  d29,
  d30,
  d31,
  d32,
  d33,
  d34,
  d35,
  d36,
  d37,
  d38,
  d39,
  d40,
]
