package catalogue

import (
	"fmt"
	"strconv"
	"strings"
)

// Percent counts hundredths of a percent: 9000 is 90 %. Whole numbers, so that
// "at least 90 %" is never decided by how a machine rounds 0.9.
type Percent int

// ParsePercent reads "90" or "89.5": digits with at most two decimals after a
// point. It does not check the range; a target's is 0 to 100 %.
func ParsePercent(s string) (Percent, error) {
	whole, part, point := strings.Cut(s, ".")
	if point && part == "" || len(part) > 2 || len(whole) > 3 || !digits(whole) || part != "" && !digits(part) {
		return 0, fmt.Errorf("%.32q is not a percentage such as 90 or 89.5", s)
	}
	n, _ := strconv.Atoi(whole + (part + "00")[:2])
	return Percent(n), nil
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// String writes p as ParsePercent reads it, with no more decimals than needed.
func (p Percent) String() string {
	return strconv.FormatFloat(float64(p)/100, 'f', -1, 64)
}

// MarshalJSON writes p as a number of percents, as all rates of the interface.
func (p Percent) MarshalJSON() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Percent) UnmarshalJSON(b []byte) error {
	v, err := ParsePercent(string(b))
	if err == nil {
		*p = v
	}
	return err
}
