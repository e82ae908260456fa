/**
 * Whether `node_modules` holds what the lock file asks for.
 *
 * npm writes what it installed to `node_modules/.package-lock.json`, in the form of the lock file.
 * Optional packages may be missing: they belong to other platforms.
 *
 * @param {{ packages?: Record<string, { version?: string, optional?: boolean }> }} wanted package-lock.json
 * @param {{ packages?: Record<string, { version?: string }> } | undefined} present the copy npm left, if any
 * @returns {boolean}
 */
function isInstalled(wanted, present) {
  if (!present?.packages) return false
  const installed = present.packages
  return Object.entries(wanted.packages ?? {}).every(([path, entry]) => {
    if (path === "") return true
    const found = installed[path]
    return found ? found.version === entry.version : entry.optional === true
  })
}

module.exports = { isInstalled }
