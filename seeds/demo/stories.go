package demo

import "sipas/feedback"

// story is what somebody wrote and what the office answered. All of it is
// invented.
type story struct {
	kind             feedback.Kind
	area             string // "": none, as of the building
	unit             string // who answers; "": who usually does, see handles
	subject, content string
	answer           string
	level            int // of the sender's rating; 0: none
	comment          string
	lang             string
}

const (
	petition, complaint, question, praise = feedback.Petition, feedback.Complaint, feedback.Question, feedback.Praise

	land, security, environment, building, investment = "dat-dai", "bao-dam", "moi-truong", "xay-dung", "dau-tu"
	minerals, maps, water, weather                    = "khoang-san", "do-dac-ban-do", "tai-nguyen-nuoc", "khi-tuong-thuy-van"

	registry, frontDesk, office, inspectorate, landDivision = "van-phong-dang-ky-dat-dai", "bo-phan-mot-cua", "van-phong-so", "thanh-tra-so", "phong-quan-ly-dat-dai"
)

// ended are the cases that are over, the earliest first.
var ended = []story{
	{petition, "", "", "Chờ lấy số lâu vào sáng thứ hai", "Sáng thứ hai tôi đến lúc 7 giờ 30, lấy số 41, đến hơn 10 giờ mới tới lượt. Chỉ thấy hai quầy mở. Đề nghị tăng người vào đầu tuần.",
		"Cảm ơn ông/bà. Từ tuần này, sáng thứ hai và thứ ba có thêm một quầy tiếp nhận hồ sơ đất đai; ông/bà cũng có thể lấy số trước qua Cổng dịch vụ công.", 5, "Hôm nay đi đúng là nhanh hơn nhiều.", ""},
	{question, land, "", "Cấp đổi sổ cũ cần giấy tờ gì", "Sổ đỏ nhà tôi cấp năm 1998, giấy đã ố và rách mép. Tôi muốn đổi sổ mới thì chuẩn bị những gì, lệ phí bao nhiêu?",
		"Ông/bà nộp đơn theo mẫu và bản gốc Giấy chứng nhận đã cấp tại quầy Đất đai hoặc qua Cổng dịch vụ công. Lệ phí theo bảng niêm yết tại quầy. Nếu ranh giới thửa đất không đổi thì không phải đo đạc lại.", 5, "", ""},
	{praise, land, "", "Cảm ơn cô ở quầy tiếp nhận", "Mẹ tôi 78 tuổi, tai nghe kém. Cô ở quầy nói chậm, viết ra giấy từng bước cho mẹ tôi. Gia đình rất cảm kích.",
		"Cảm ơn gia đình ông/bà. Lời khen đã được chuyển tới quầy và nêu trong buổi giao ban tuần của Bộ phận Một cửa.", 0, "", ""},
	{petition, land, landDivision, "Bảng giá đất niêm yết bị mờ", "Bảng niêm yết ở sảnh bị phai mực, phần giá đất ở nông thôn không đọc được. Xin thay bảng mới.",
		"Bảng niêm yết đã được in lại và thay trong tuần; bản điện tử có trên Trang thông tin điện tử của Sở.", 4, "", ""},
	{petition, environment, "", "Xe chở đất làm rơi vãi trước trụ sở", "Mấy hôm nay xe chở vật liệu đi qua cổng tiếp dân làm rơi đất, trời nắng bụi bay vào tận chỗ ngồi chờ.",
		"Văn phòng đã làm việc với đơn vị thi công bên cạnh: xe phủ bạt, tưới đường hai lần mỗi ngày. Nếu còn tình trạng này, xin ông/bà báo lại.", 4, "", ""},
	{question, security, "", "Xóa thế chấp mất mấy ngày", "Tôi đã trả hết nợ ngân hàng, có giấy xác nhận. Giờ xóa đăng ký thế chấp trên sổ thì nộp ở đâu và mấy ngày có?",
		"Ông/bà nộp phiếu yêu cầu xóa đăng ký kèm văn bản đồng ý của bên nhận bảo đảm và bản gốc Giấy chứng nhận. Hồ sơ hợp lệ nhận trước 15 giờ thì giải quyết trong ngày.", 5, "Trả lời rõ, tôi làm một lần là xong.", ""},
	{petition, land, "", "Hồ sơ tách thửa phải bổ sung ba lần", "Mỗi lần lên lại báo thiếu một thứ khác nhau. Sao không ghi hết một lần cho dân? Tôi ở cách ba mươi cây số.",
		"Xin lỗi ông/bà vì việc đi lại nhiều lần. Chúng tôi đã kiểm tra: lần bổ sung thứ ba không cần thiết. Hồ sơ của ông/bà được nhận ngay, và từ nay quầy giao phiếu hướng dẫn ghi đủ giấy tờ trong một lần.", 3, "Có sửa nhưng tôi đã mất ba buổi làm.", ""},
	{question, building, "", "Nộp hồ sơ qua bưu điện được không", "Tôi đang làm việc ở tỉnh khác, không về nộp được. Hồ sơ này gửi qua bưu điện có được không, kết quả có gửi về không?",
		"Được. Ông/bà đến bưu điện nơi ở, chọn dịch vụ tiếp nhận hồ sơ và trả kết quả thủ tục hành chính; kết quả được gửi về địa chỉ ghi trong phiếu.", 5, "", ""},
	{petition, land, "", "Tin nhắn báo có kết quả không đến", "Phiếu hẹn ghi sẽ nhắn tin khi có kết quả. Tôi chờ mãi không thấy, lên hỏi thì sổ đã có từ tuần trước.",
		"Lỗi do số điện thoại trong hồ sơ nhập thiếu một chữ số. Đã sửa, và quầy được nhắc đọc lại số cho người nộp trước khi in phiếu hẹn. Mong ông/bà thông cảm.", 4, "", ""},
	{praise, security, "", "Làm nhanh trong một buổi", "Sáng nộp chiều có, không phải hỏi ai. Mong giữ được như vậy.",
		"Cảm ơn ông/bà đã dành thời gian ghi nhận. Chúng tôi đã chuyển lời tới Văn phòng Đăng ký đất đai.", 0, "", ""},
	{petition, "", office, "Bãi gửi xe thu quá giá niêm yết", "Giá niêm yết 3.000 đồng mà người giữ xe thu 5.000, nói là xe tay ga giá khác. Đề nghị kiểm tra.",
		"Văn phòng đã kiểm tra, yêu cầu đơn vị giữ xe thu đúng giá, treo bảng giá ở cổng vào và trả lại phần thu thừa cho ông/bà tại phòng bảo vệ.", 5, "Đã nhận lại tiền, cảm ơn.", ""},
	{question, land, "", "Thừa kế đất khi sổ đứng tên bố đã mất", "Bố tôi mất năm ngoái, không có di chúc, nhà có bốn anh em. Muốn sang tên cho mẹ tôi thì bắt đầu từ đâu?",
		"Trước hết gia đình lập văn bản thỏa thuận phân chia di sản có công chứng hoặc chứng thực, sau đó nộp hồ sơ đăng ký biến động. Danh mục giấy tờ gửi kèm trong phiếu hướng dẫn ở quầy Đất đai.", 4, "", ""},
	{petition, "", "", "Máy lấy số bị hỏng", "Máy lấy số báo lỗi cả buổi sáng, mọi người chen nhau hỏi, ai đến trước không rõ.",
		"Máy đã được thay bộ phận in trong ngày. Khi máy hỏng, bảo vệ phát số giấy theo thứ tự đến.", 4, "", ""},
	{petition, land, "", "The form is only in Vietnamese", "I came with my husband to register our land. Nobody could give me the form or the list of papers in English, so he had to translate everything.",
		"Thank you for telling us. A list of papers in English is now at the land counter. The form itself has to be filled in in Vietnamese; the staff will help you.", 4, "Very helpful, thanks.", "en"},
	{petition, land, "", "Ghi sai tên đệm trên sổ", "Sổ mới nhận ghi sai tên đệm của vợ tôi. Tôi đã báo ở quầy thì bảo làm lại hồ sơ từ đầu, nộp lệ phí lại. Lỗi đâu phải của tôi.",
		"Đây là sai sót của cơ quan nên việc đính chính không thu phí và không phải làm lại hồ sơ. Sổ đã đính chính chờ ông/bà tại quầy trả kết quả; xin lỗi gia đình.", 5, "", ""},
	{question, water, "", "Giếng khoan của gia đình có phải xin phép", "Nhà tôi khoan một giếng để tưới vườn, sâu khoảng 18 mét. Có phải đăng ký hay xin giấy phép gì không?",
		"Khai thác nước dưới đất quy mô hộ gia đình để sinh hoạt và tưới vườn không phải xin phép, nhưng ở vùng phải đăng ký thì kê khai tại ủy ban nhân dân xã. Ông/bà hỏi xã xem địa bàn có thuộc vùng này không.", 5, "", ""},
	{petition, minerals, "", "Trễ hẹn hai lần không ai báo", "Hồ sơ của công ty chúng tôi hẹn trả hai lần đều trễ, lần nào cũng phải tự gọi hỏi. Đề nghị có thông báo trước khi trễ.",
		"Xin lỗi quý công ty. Hồ sơ phải lấy ý kiến thêm một cơ quan nên trễ; thư xin lỗi và ngày hẹn mới đã gửi. Từ tháng này mọi hồ sơ sắp đến hạn được rà soát hai ngày một lần.", 2, "Vẫn chưa thấy báo trước.", ""},
	{praise, building, "", "Friendly and clear", "The young man at the counter explained every step and even called me when one page was missing. Excellent.",
		"Thank you. Your kind words have been passed on to the counter.", 0, "", "en"},
	{petition, "", "", "Ghế chờ thiếu, người già phải đứng", "Hôm tôi đến có gần chục cụ phải đứng vì hết ghế. Kê thêm vài băng ghế ở hành lang là được.",
		"Đã kê thêm bốn băng ghế ở hành lang và dành hàng ghế đầu cho người cao tuổi, phụ nữ có thai.", 5, "", ""},
	{question, land, landDivision, "Xem quy hoạch thửa đất ở đâu", "Tôi muốn biết thửa đất định mua có vướng quy hoạch đường không thì xem ở đâu, có mất tiền không?",
		"Quy hoạch, kế hoạch sử dụng đất được công khai trên Trang thông tin điện tử của Sở và tại ủy ban nhân dân xã, xem không mất tiền. Muốn có văn bản xác nhận, ông/bà nộp phiếu yêu cầu cung cấp thông tin đất đai.", 4, "", ""},
	{petition, maps, "", "Tọa độ trên trích lục khác thực địa", "Trích lục bản đồ ghi cạnh phía đông 21,5 mét, đo thực tế chỉ 20,8. Đề nghị kiểm tra lại trước khi tôi xây tường rào.",
		"Tổ đo đạc đã đo lại cùng hai hộ liền kề và lập biên bản. Cạnh phía đông là 20,8 mét; trích lục đã được sửa, ông/bà nhận bản mới không mất phí.", 5, "Nhanh và rõ ràng.", ""},
	{petition, "", "", "Gọi số điện thoại niêm yết không ai nghe", "Tôi gọi số trên biển từ 8 giờ đến 9 giờ, sáu lần không ai nhấc máy. Nếu không có người trực thì đừng ghi số.",
		"Máy trực bị chuyển nhầm nhánh trong hai ngày. Đã sửa và phân công người trực theo lịch; số điện thoại trên biển nay gọi được cả buổi trưa.", 3, "", ""},
	{question, investment, "", "Theo dõi hồ sơ bằng mã thế nào", "Phiếu hẹn có dãy số dài. Tôi nhập vào trang dịch vụ công nhưng báo không tìm thấy.",
		"Ông/bà nhập đủ cả phần có dấu chấm và gạch nối, ví dụ như ghi trên phiếu. Chúng tôi đã thử mã của ông/bà và thấy hồ sơ đang ở bước thẩm định.", 4, "", ""},
	{petition, "", "", "Nhà vệ sinh tầng một bẩn", "Nhà vệ sinh dành cho dân ở tầng một không có nước, mùi rất khó chịu. Ngại nhất là người già và trẻ nhỏ.",
		"Đường nước đã sửa trong buổi chiều cùng ngày. Việc dọn dẹp tăng từ hai lên bốn lần mỗi ngày, có bảng ký tên ở cửa.", 5, "Sạch sẽ hơn hẳn.", ""},
	{petition, land, "", "Cán bộ trả lời cộc lốc", "Tôi hỏi lại vì chưa nghe rõ thì bị nói 'đã bảo rồi mà'. Tôi không đòi hỏi gì, chỉ mong được nói chuyện tử tế.",
		"Xin lỗi ông/bà. Trưởng bộ phận đã trao đổi với người trực quầy hôm đó và nhắc toàn bộ phận về cách giao tiếp. Tháng này có một buổi tập huấn về việc này.", 4, "", ""},
	{praise, land, "", "Trả sổ sớm hơn hẹn", "Phiếu hẹn ngày 20 mà ngày 16 đã nhắn ra lấy. Lần đầu tôi thấy như vậy.",
		"Cảm ơn ông/bà đã chia sẻ. Lời khen đã được chuyển tới bộ phận giải quyết hồ sơ.", 0, "", ""},
	{petition, "", "", "Hướng dẫn trên mạng khác ở quầy", "Trên mạng ghi nộp bản sao, ra quầy lại bảo phải có bản gốc đối chiếu. Nên ghi giống nhau để dân khỏi về lấy.",
		"Trang hướng dẫn đã sửa: nộp bản sao và mang bản gốc để đối chiếu. Cảm ơn ông/bà đã chỉ ra.", 4, "", ""},
	{question, environment, "", "Giấy phép môi trường cho cơ sở nhỏ", "Tôi mở xưởng mộc nhỏ ba người làm, có phải xin giấy phép môi trường không hay chỉ đăng ký?",
		"Tùy lượng chất thải phát sinh. Với quy mô ông/bà nêu, thường chỉ đăng ký môi trường tại ủy ban nhân dân xã. Ông/bà có thể mang bản mô tả xưởng đến quầy Môi trường để được xem giúp.", 5, "", ""},
	{petition, land, "", "Phiếu hẹn in chữ nhỏ quá", "Chữ trên phiếu hẹn nhỏ như con kiến, mẹ tôi không đọc được ngày hẹn, đi nhầm ngày.",
		"Mẫu phiếu hẹn đã in lại với ngày hẹn cỡ chữ lớn, nằm riêng một dòng.", 5, "", ""},
	{question, land, "", "Can a foreigner inherit a house here", "My wife is Vietnamese and the house is in her name. What happens with the certificate if I inherit it?",
		"A foreigner may inherit the value of the house and land. Whether a certificate can be issued in your name depends on your right to own housing in Vietnam; please bring her certificate and your papers to the land counter for advice on your case.", 4, "", "en"},
	{petition, "", "", "Phản ánh lại việc chờ lâu", "Tuần trước tôi đã gửi phản ánh về việc chờ lấy số lâu, nay gửi lại vì sợ lần trước chưa đến.",
		"Phản ánh này trùng với phản ánh trước của ông/bà, đã được nhận và trả lời theo mã tra cứu trước. Ông/bà dùng mã đó để xem kết quả; vụ việc này kết thúc tại đây.", 0, "", ""},
	{petition, "", "", "Nước mưa đọng ở lối vào", "Cứ mưa là lối đi cho xe lăn ngập đến mắt cá. Người khuyết tật không vào được.",
		"Đã nạo vét rãnh và nâng mặt lối đi thêm năm phân. Trong lúc làm, bảo vệ hỗ trợ người đi xe lăn bằng cửa bên.", 5, "", ""},
	{petition, land, "", "Bị yêu cầu giấy không có trong bảng niêm yết", "Bảng niêm yết không có giấy xác nhận của thôn, nhưng quầy vẫn đòi. Vậy bảng niêm yết để làm gì?",
		"Ông/bà đúng: giấy đó không thuộc thành phần hồ sơ. Hồ sơ đã được nhận, và Văn phòng Sở đã nhắc bằng văn bản không yêu cầu giấy ngoài danh mục.", 4, "Mong nhắc cho cả các quầy khác.", ""},
	{praise, "", "", "Khen bác bảo vệ", "Bác bảo vệ ra tận cổng che ô cho người già vào. Việc nhỏ mà ấm lòng.",
		"Cảm ơn ông/bà, lời khen đã đến tay bác.", 0, "", ""},
	{question, land, "", "Nộp tiền sử dụng đất qua mạng", "Thông báo thuế có rồi, tôi muốn nộp qua điện thoại mà không biết chọn mục nào.",
		"Trên Cổng dịch vụ công, ông/bà chọn Thanh toán trực tuyến, mục Nộp thuế đất đai, rồi nhập mã hồ sơ. Biên lai điện tử có giá trị như biên lai giấy.", 5, "Làm được rồi, cảm ơn.", ""},
	{petition, land, "", "Hồ sơ trực tuyến bị trả mà không rõ lý do", "Hệ thống chỉ ghi 'hồ sơ không hợp lệ'. Tôi không biết sai chỗ nào để sửa.",
		"Lý do là ảnh chụp mặt sau Giấy chứng nhận bị mờ. Người tiếp nhận đã được nhắc phải ghi rõ thiếu gì, sửa thế nào. Ông/bà nộp lại ảnh, không phải làm đơn mới.", 4, "", ""},
	{praise, maps, "", "Tổ đo đạc đúng giờ", "Hẹn 8 giờ, 8 giờ kém 10 đã có mặt, giải thích từng mốc cho hai bên hàng xóm. Rất tốt.",
		"Cảm ơn ông/bà. Lời khen đã được gửi tới tổ đo đạc.", 0, "", ""},
	{petition, investment, "", "Xin biểu mẫu dạng Word", "Biểu mẫu trên trang là ảnh quét, doanh nghiệp phải gõ lại từ đầu. Xin đăng bản Word.",
		"Các biểu mẫu hay dùng đã được đăng thêm bản Word cạnh bản PDF. Biểu nào còn thiếu, xin quý doanh nghiệp cho biết tên.", 5, "", ""},
}

// What is told of single cases, which come in every state that there is.
var (
	newest  = story{petition, land, "", "Màn hình gọi số ở quầy Đất đai bị tắt", "Từ đầu tuần màn hình gọi số không lên, loa thì nhỏ, ngồi xa không nghe gọi tên mình.", "", 0, "", ""}
	asked   = story{question, security, "", "Thế chấp thêm một thửa đất", "Sổ đang thế chấp, giờ muốn thế chấp thêm một thửa nữa cho cùng khoản vay thì làm đơn mới hay ghi thêm?", "", 0, "", ""}
	sorted  = story{petition, "", "", "Mùi khét từ máy phát điện", "Mỗi lần cúp điện máy phát chạy ngay cạnh chỗ ngồi chờ, khói bay vào, nhiều người ho.", "", 0, "", ""}
	praised = story{praise, land, "", "Cảm ơn vì đã gọi lại", "Tôi bỏ quên giấy tờ ở quầy, chiều các anh chị gọi điện cho tôi ra lấy. Xin cảm ơn.", "", 0, "", ""}

	given = []story{
		{petition, land, "", "Chờ trích đo quá lâu", "Tôi đăng ký trích đo từ tháng trước, đến nay chưa ai xuống. Hỏi thì bảo đang xếp lịch.", "", 0, "", ""},
		{question, land, "", "Đất mua giấy tay có làm sổ được không", "Nhà tôi mua đất bằng giấy viết tay năm 2005, ở ổn định từ đó. Nay muốn làm sổ thì cần gì?", "", 0, "", ""},
		{petition, "", frontDesk, "Người không lấy số vẫn được vào trước", "Tôi thấy hai người không có số mà vào thẳng quầy. Hỏi thì bảo là người quen của công ty dịch vụ.", "", 0, "", ""},
		{petition, security, "", "Ngân hàng và quầy nói khác nhau", "Ngân hàng nói chỉ cần phiếu yêu cầu, ra quầy lại đòi thêm hợp đồng công chứng. Tôi đi lại hai lần rồi.", "", 0, "", ""},
	}
	waiting = []story{
		{petition, land, "", "Sổ ghi thiếu diện tích", "Sổ mới cấp ghi thiếu so với sổ cũ mà nhà tôi không bán cho ai. Xin kiểm tra giúp.",
			"Xin ông/bà cho biết số phát hành trên sổ cũ và sổ mới, hoặc gửi ảnh chụp hai trang đầu, để chúng tôi đối chiếu với hồ sơ gốc.", 0, "", ""},
		{petition, building, "", "Hồ sơ báo đã trả nhưng chưa nhận được", "Trên mạng ghi hồ sơ đã trả kết quả mà tôi chưa nhận gì cả.",
			"Xin ông/bà cho biết mã hồ sơ và nơi đã đăng ký nhận kết quả (tại quầy hay qua bưu điện).", 0, "", ""},
	}
	fresh = []story{
		{petition, "", "", "Đề nghị mở quầy sáng thứ bảy", "Người đi làm công ty không xin nghỉ được. Mở một buổi sáng thứ bảy mỗi tháng là đỡ cho dân nhiều.",
			"Cảm ơn ông/bà. Từ tháng tới, sáng thứ bảy tuần đầu tiên của tháng có một quầy nhận và trả hồ sơ đất đai.", 5, "Rất mừng, cảm ơn.", ""},
		{question, maps, "", "Mua bản đồ địa chính một khu", "Tôi là sinh viên, cần bản đồ địa chính một khu để làm đồ án. Mua ở đâu, giá thế nào?",
			"Em nộp phiếu yêu cầu cung cấp dữ liệu đo đạc và bản đồ tại Bộ phận Một cửa; mức phí theo biểu niêm yết, sinh viên dùng cho học tập mang theo giấy giới thiệu của trường.", 0, "", ""},
	}
	overdue = story{petition, land, landDivision, "Mốc quy hoạch cắm giữa vườn nhà tôi", "Không ai báo mà cọc mốc cắm giữa vườn. Tôi hỏi xã thì xã bảo hỏi Sở. Xin trả lời cho tôi biết mốc này là của dự án nào.", "", 0, "", ""}
	late    = story{petition, land, "", "Nguồn gốc đất ghi không đúng", "Trên hồ sơ ghi nguồn gốc là đất công, trong khi gia đình tôi khai hoang từ trước năm 1980, có giấy thuế. Đề nghị xác minh lại.",
		"Sau khi xác minh với xã và người ở cùng thời, hồ sơ được ghi lại: gia đình sử dụng ổn định từ trước ngày 18/12/1980. Xin lỗi ông/bà vì đã trả lời muộn hơn ngày hẹn.", 3, "Đúng nhưng quá lâu.", ""}
	again = story{petition, "", "", "Đã phản ánh nhưng chưa sửa", "Loa gọi số vẫn rè, phản ánh qua hộp thư giấy rồi mà không thấy thay.",
		"Loa đã được kiểm tra và điều chỉnh âm lượng.", 2, "Hôm qua tôi đến vẫn rè, không nghe được. Xin xem lại.", ""}
	againOpen = story{petition, "", "", "Nước uống ở sảnh có mùi", "Bình nước ở sảnh có mùi nhựa, không dám cho con uống.",
		"Bình nước đã được thay và vệ sinh.", 1, "Thay bình rồi nhưng nước vẫn có mùi. Đề nghị kiểm tra nguồn nước.", ""}
	elsewhere = story{petition, environment, "", "Tiếng ồn quán hát cạnh nhà", "Quán hát cạnh nhà mở đến 12 giờ đêm, con tôi không ngủ được. Đã nói mà họ không nghe.",
		"Việc xử lý tiếng ồn trong khu dân cư thuộc thẩm quyền của ủy ban nhân dân xã. Chúng tôi đã chuyển phản ánh; xã sẽ trả lời ông/bà.", 0, "", ""}
	takenBack = story{petition, land, "", "Chậm trả trích lục", "Hẹn thứ năm mà chưa có trích lục.", "", 0, "", ""}

	complaints = []story{
		{complaint, land, inspectorate, "Khiếu nại việc trả lại hồ sơ cấp đổi", "Tôi khiếu nại văn bản trả lại hồ sơ cấp đổi của tôi với lý do ranh giới chưa rõ, trong khi biên bản giáp ranh đã có đủ chữ ký bốn hộ liền kề. Đề nghị hủy văn bản này và giải quyết hồ sơ.",
			"Quyết định giải quyết khiếu nại lần đầu: khiếu nại đúng. Văn bản trả lại hồ sơ được thu hồi, hồ sơ được tiếp tục giải quyết từ ngày ban hành quyết định. Nếu không đồng ý, ông/bà có quyền khiếu nại lần hai hoặc khởi kiện.", 4, "Giải quyết thỏa đáng.", ""},
		{complaint, land, inspectorate, "Khiếu nại mức lệ phí đã thu", "Tôi cho rằng lệ phí thu của tôi cao hơn mức niêm yết. Đề nghị xem lại và trả phần thu thừa.",
			"Quyết định giải quyết khiếu nại lần đầu: khiếu nại không đúng. Mức thu đúng với nghị quyết của Hội đồng nhân dân tỉnh áp dụng cho tổ chức; bảng đối chiếu gửi kèm quyết định.", 0, "", ""},
	}
	accepted = story{complaint, land, inspectorate, "Khiếu nại việc không cấp giấy lần đầu", "Tôi không đồng ý với thông báo không đủ điều kiện cấp giấy. Nhà tôi ở đó từ năm 1990, có hộ khẩu và biên lai thuế. Tôi đề nghị xem xét lại.", "", 0, "", ""}
	unheard  = story{complaint, land, inspectorate, "Khiếu nại quyết định thu hồi đất", "Tôi khiếu nại quyết định thu hồi đất do ủy ban nhân dân xã ký năm trước.",
		"Đơn không thuộc thẩm quyền giải quyết của Sở và đã quá thời hiệu. Ông/bà có thể gửi tới cơ quan đã ban hành quyết định hoặc khởi kiện tại tòa án.", 0, "", ""}
	secret = story{feedback.Denunciation, land, inspectorate, "Tố cáo việc nhận tiền để làm nhanh hồ sơ", "Tôi chứng kiến một người ở bộ phận giải quyết nhận phong bì của người làm dịch vụ để đẩy hồ sơ lên trước. Việc xảy ra vào chiều thứ sáu ở hành lang tầng hai. Tôi xin giữ kín tên.", "", 0, "", ""}
)
