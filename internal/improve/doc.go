// Package improve leads from a weak factor of the survey to somebody's task: the
// duties that the plan gives each unit, the tasks that the office opens, and the
// same figure before and after.
package improve
