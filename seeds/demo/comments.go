package demo

// comments are invented, in the words that people use at a desk.
var comments = map[string]struct{ good, fair, bad []string }{
	"vi": {
		good: []string{
			"Làm nhanh, cán bộ vui vẻ.", "Cô ở quầy hướng dẫn kỹ lắm, tôi già rồi mà vẫn làm được.", "Đúng hẹn, cảm ơn.",
			"Lần trước phải đi ba bốn lượt, lần này một lượt là xong.", "Chỗ ngồi mát, có nước uống, tốt.",
			"Cán bộ nhiệt tình, nói dễ hiểu.", "Trả sổ sớm hơn hẹn hai ngày, tôi rất mừng.", "Mong giữ được như vầy.",
			"Nhắn tin báo có kết quả nên đỡ phải đi hỏi.", "Tôi ở xa, nộp qua bưu điện được là tiện nhất.",
			"Hài lòng. Nên có thêm biển chỉ đường từ cổng vào.", "Thái độ tốt hơn mấy năm trước nhiều.",
			"Cháu nhân viên trẻ lễ phép, ghi giúp tờ đơn.", "Hồ sơ rõ ràng, không phải bổ sung gì thêm.",
		},
		fair: []string{
			"Tạm được, nhưng sáng thứ hai đông quá, chờ lâu.", "Nên có thêm một quầy vào giờ cao điểm.",
			"Tờ khai còn nhiều mục khó hiểu với người dân.", "Bãi xe chật, trời mưa không có chỗ trú.",
			"Mạng hay lỗi nên cán bộ phải nhập lại.", "Bảng số thứ tự nhỏ quá, người lớn tuổi nhìn không rõ.",
			"Được, nhưng mong trả đúng ngày hơn.", "Ghế ít, nhiều người phải đứng.", "Hướng dẫn trên mạng và ở quầy chưa khớp nhau.",
		},
		bad: []string{
			"Hẹn ngày 15 mà đến ngày 24 mới có, không ai báo trước.", "Nộp rồi lại gọi lên bổ sung, đi lại bốn lần.",
			"Cùng một việc mà mỗi người nói một kiểu.", "Trễ hẹn không có lời xin lỗi nào.",
			"Chờ gần hai tiếng mới tới lượt.", "Hỏi thì bảo cứ về chờ, không biết chờ đến khi nào.",
			"Giấy tờ yêu cầu nhiều hơn bảng niêm yết.", "Đo đạc lại mấy lần vẫn sai diện tích.",
			"Gọi điện số niêm yết không ai nghe máy.", "Tôi không biết chữ nhiều mà không ai giúp điền đơn.",
			"Phải xin nghỉ làm hai ngày chỉ để nộp một tờ giấy.",
		},
	},
	"en": {
		good: []string{
			"Quick and friendly, thank you.", "The officer found someone who speaks English. Very kind.", "Ready one day early.",
			"Clear steps, one visit was enough.", "Good service for our project papers.",
		},
		fair: []string{
			"Fine, but the form is only in Vietnamese.", "Waiting took a while, the rest was good.", "Signs in English would help.",
		},
		bad: []string{
			"Three visits for one signature.", "Nobody told us the result was late.", "The website said something else than the desk.",
		},
	},
}
