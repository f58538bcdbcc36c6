package demo

import (
	"time"

	"sipas/feedback"
	"sipas/internal/catalogue"
	"sipas/internal/improve"
)

// Task is an improvement task, from its opening to where it stands today.
type Task struct {
	Duty         string // id of the plan's duty; "": none
	Area, Factor string // what it is measured by; "": nothing
	From, To     catalogue.Date
	Sheet        improve.Sheet
	OpenedAt     time.Time
	Proofs       []Proof
	DoneAt       time.Time // zero: it is open
	Reason       string
}

// Proof is a piece of evidence.
type Proof struct {
	At   time.Time
	By   feedback.Role
	Text string
}

// improvedAgo is for how many days the staff at the land counter has been found
// better: what the task that is done has brought.
const improvedAgo = 125

// staffFactor is what that task is about.
const staffFactor = "III"

// workdayAt is the last working day up to so many days before today, and today itself
// is none: days to come are negative.
func (m *maker) workdayAt(daysAgo int) catalogue.Date {
	day := m.today.AddDays(-daysAgo)
	for i := len(m.days) - 1; i > 0; i-- {
		if m.days[i] <= day && m.days[i] != m.today {
			return m.days[i]
		}
	}
	return day
}

func (m *maker) at10(daysAgo int) time.Time {
	return m.workdayAt(daysAgo).Start().Add(10 * time.Hour).UTC()
}

// tasks are two for weak factors, of which one has shown what came of it, and
// duties of the plan that are done, under way and over their day.
func (m *maker) tasks() {
	proof := func(daysAgo int, by feedback.Role, text string) Proof { return Proof{m.at10(daysAgo), by, text} }
	begun := func(daysAgo, before int) catalogue.Date { return m.workdayAt(daysAgo).AddDays(-before) }
	sheet := func(unit string, dueAgo int, what string) improve.Sheet {
		return improve.Sheet{Unit: unit, Due: m.workdayAt(dueAgo), What: what}
	}
	const byDesk, byUnit, byOffice = feedback.RoleDesk, feedback.RoleUnit, feedback.RoleOffice
	m.out.Tasks = []Task{
		{
			Duty: "sipas-b-iii-1", Area: land, Factor: staffFactor, From: begun(200, 90), To: begun(200, 1),
			Sheet:    sheet(registry, 110, "Tập huấn giao tiếp cho người trực quầy Đất đai; mỗi thủ tục có một phiếu hướng dẫn ghi đủ giấy tờ trong một lần."),
			OpenedAt: m.at10(200),
			Proofs: []Proof{
				proof(160, byUnit, "Đã tập huấn hai buổi cho 14 người; danh sách và bài giảng lưu tại Văn phòng Đăng ký đất đai."),
				proof(126, byUnit, "Đã in phiếu hướng dẫn cho các thủ tục đất đai hay gặp, đặt tại quầy và đăng lên mạng."),
			},
			DoneAt: m.at10(improvedAgo - 5), Reason: "Đủ hai việc đã giao; xem số đo trước và sau.",
		},
		{
			Duty: "sipas-b-iv-1", Area: minerals, Factor: "IV", From: begun(58, 90), To: begun(58, 1),
			Sheet:    sheet(frontDesk, -32, "Rà soát các bước lấy ý kiến trong hồ sơ khoáng sản; báo cho người nộp trước khi trễ hẹn."),
			OpenedAt: m.at10(58),
			Proofs:   []Proof{proof(20, byDesk, "Đã lập danh sách hồ sơ sắp đến hạn, rà hai ngày một lần từ đầu tháng.")},
		},
		{
			Duty: "sipas-b-i-1", Sheet: sheet(registry, 45, "Đăng hướng dẫn các thủ tục đất đai dạng hỏi đáp, kèm biểu mẫu Word."), OpenedAt: m.at10(120),
			Proofs: []Proof{proof(52, byUnit, "Đã đăng 31 mục hỏi đáp và 18 biểu mẫu Word.")}, DoneAt: m.at10(50), Reason: "Hoàn thành trước hạn.",
		},
		{
			Duty: "sipas-b-iii-2", Sheet: sheet(office, 30, "Đánh giá công chức tham gia giải quyết hồ sơ, kỳ nửa năm."), OpenedAt: m.at10(90),
			Proofs: []Proof{proof(34, byOffice, "Biên bản họp đánh giá và bảng tổng hợp, lưu tại Văn phòng Sở.")}, DoneAt: m.at10(33),
		},
		{
			Duty: "sipas-b-v-25", Sheet: sheet(office, 20, "Công khai câu trả lời phản ánh, kiến nghị được nhiều người quan tâm."), OpenedAt: m.at10(80),
			Proofs: []Proof{proof(25, byOffice, "Đã công khai các câu trả lời đầu tiên ở trang Góp ý.")}, DoneAt: m.at10(24),
		},
		{
			Duty: "sipas-b-ii-2", Sheet: sheet(frontDesk, -45, "Hướng dẫn người dân nộp hồ sơ và thanh toán trực tuyến ngay tại quầy."), OpenedAt: m.at10(40),
			Proofs: []Proof{proof(12, byDesk, "Đã bố trí một máy tính và một người hướng dẫn vào buổi sáng.")},
		},
		{Duty: "sipas-b-ii-1", Sheet: sheet(registry, -60, "Đề xuất bỏ những giấy tờ mà cơ quan tự tra cứu được trong cơ sở dữ liệu đất đai."), OpenedAt: m.at10(30)},
		{Duty: "sipas-b-iv-2", Sheet: sheet(inspectorate, -20, "Kiểm tra việc gửi thư xin lỗi đối với hồ sơ trễ hạn trong quý."), OpenedAt: m.at10(35)},
		{Duty: "papi-i-1", Sheet: sheet(landDivision, 12, "Cập nhật bảng giá đất và thông tin quy hoạch đã công khai."), OpenedAt: m.at10(70)},
	}
}
