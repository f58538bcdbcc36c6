package feedback_test

import (
	"fmt"
	"testing"

	"sipas/feedback"
)

func TestHowMuchThereIsToDo(t *testing.T) {
	o, _ := queue(t)
	for _, tt := range []struct {
		name   string
		who    feedback.Officer
		secret bool
		day    int // of March 2026, a Sunday being the 1st
		want   feedback.Load
	}{
		// Due: d on the 16th, a on the 23rd, b on the 24th, g on the 30th; c waits.
		{"nothing is due yet", office, false, 10, feedback.Load{Running: 4, Waiting: 1}},
		{"due the day after tomorrow, with a weekend between", office, false, 12, feedback.Load{Running: 4, Soon: 1, Waiting: 1}},
		{"one working day more is not soon", office, false, 11, feedback.Load{Running: 4, Waiting: 1}},
		{"due today is soon, not overdue", office, false, 16, feedback.Load{Running: 4, Soon: 1, Waiting: 1}},
		{"overdue is not soon", office, false, 24, feedback.Load{Running: 4, Overdue: 2, Soon: 1, Waiting: 1}},
		{"the desk counts no complaint of others", desk, false, 24, feedback.Load{Running: 3, Overdue: 1, Soon: 1, Waiting: 1}},
		{"a unit counts its own", unit, false, 25, feedback.Load{Running: 2, Overdue: 1}},
		{"the inspection counts no denunciation among the rest", inspection, false, 10, feedback.Load{Running: 4, Waiting: 1}},
		{"denunciations", inspection, true, 10, feedback.Load{Running: 1, Soon: 1}},
		{"nobody else counts those", office, true, 10, feedback.Load{}},
		{"the administrator counts nothing", feedback.Officer{Account: "admin", Role: feedback.RoleAdmin}, false, 24, feedback.Load{}},
	} {
		got, err := o.Load(t.Context(), tt.who, tt.secret, onDay(tt.day))
		if err != nil || got != tt.want {
			t.Errorf("%s: %s, want %s (%v)", tt.name, fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", tt.want), err)
		}
	}
}
