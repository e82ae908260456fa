/**
 * Odoo's `float_round`: half away from zero, with a tolerance for the noise of binary fractions.
 * NaN and infinities pass through, as they do in the real one.
 */
export function roundDigits(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value
  const factor = 10 ** digits
  const scaled = value * factor
  const tolerance = Math.abs(scaled) * 2 ** -52
  const rounded = Math.sign(scaled) * Math.floor(Math.abs(scaled) + 0.5 + tolerance)
  return rounded === 0 ? 0 : rounded / factor
}

/** Equal within half a hundredth, the precision of Odoo's unit of measure. */
export function sameQuantity(a: number, b: number): boolean {
  return roundDigits(a, 2) === roundDigits(b, 2)
}

/** Odoo's human size, as `bin_size` shows it: `182.43 Kb`. */
export function humanSize(bytes: number): string {
  const units = ["bytes", "Kb", "Mb", "Gb"]
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${size.toFixed(2)} ${units[unit] ?? "Gb"}`
}
