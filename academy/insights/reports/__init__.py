"""Reports that people build for themselves: documented datasets, filters, groups, sharing, files and regular letters."""
