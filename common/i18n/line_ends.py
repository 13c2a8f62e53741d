"""Where Chinese lines end: between words. Unicode lets them end between any two characters.

Qt knows no words of Chinese, so those that screens use are kept together by the character that
Unicode has for this (UAX 14, class WJ). It is for painted texts alone: what is read from a screen,
to be spoken or found, goes through `plain`. Words are a few characters long, or lines would have
nowhere to end.
"""

import re
from functools import cache

from common.domain.language import Language

JOINER = "\N{WORD JOINER}"
_TRADITIONAL = """
    身份證 智能身份證 二維碼 服務站 服務台 登記室 辦事處 接待處 驗證碼 監護人 掃描器 插卡口
    出證口 回收箱 流動電話 職員 櫃位 籌號 籌票 證件 資料 鏡頭 預約 登記 自助 取籌 領證 新證 舊證
    此證 收據 字條 表格 聲明 指紋 拇指 食指 中指 無名指 尾指 手指 右手 左手 容貌 相片 晶片 電碼
    密碼 號碼 數字 姓名 簽署 地址 住址 電話 短訊 日期 時間 時段 星期 今天 分鐘 小時 步驟 系統
    文件 個人 本人 他人 人士 同行 人數 名單 父母 兒童 成人 長者 香港 地點 接待 櫃檯 螢幕 屏幕
    玻璃 我們 您的 這是 這個 此處 在此 該處 其他 另一 沒有 未能 不能 可以 需要 須由 毋須 必須
    尚未 已經 正在 現正 即將 暫時 暫停 現時 稍後 稍候 然後 重新 再次 一次 繼續 完成 確認 核對
    協助 查詢 查看 查閱 處理 辦理 申請 領取 取回 取走 收回 退還 回收 插入 放入 輸入 讀取 識別
    配對 選擇 更改 填寫 填表 列印 印在 出示 提供 使用 前往 前來 帶同 輕觸 輕按 平放 提起 保持
    對準 面向 望向 朝上 向前 抹乾 抹乾淨 乾淨 叫喚 叫號 輪候 通知 告知 發送 儲存 保留 保存 開始
    結束 回應 失效 生效 備妥 到達 準時 遺失 損壞 污損 被盜 原因 安排 服務 故障 有效 無效 清楚
    不同 相符 正確 以上 以下 之前 之後 為您 給您 方式 最多 申報 資格 殘疾 輪椅 傳譯 手語 優先
    懷孕 嬰兒 語言 中文 英文 字體 按鈕 啟動 關閉 開放 公眾 職業 國籍 婚姻 性別 出生 上方 下方
    下一步 上一頁 聯絡 流動 再試 機器 機內 沒收 妥為 手機
    鑰匙 硬幣 證套
"""
_SIMPLIFIED = """
    身份证 智能身份证 二维码 服务站 服务台 登记室 办事处 接待处 验证码 监护人 扫描器 扫描仪
    插卡口 出证口 回收箱 工作人员 手机号码 柜位 筹号 筹票 证件 资料 信息 镜头 预约 登记 自助
    取筹 领证 新证 旧证 此证 收据 字条 表格 声明 指纹 拇指 食指 中指 无名指 尾指 小指 手指 右手
    左手 容貌 面容 照片 相片 芯片 电码 密码 号码 数字 姓名 签署 签名 地址 住址 电话 短信 日期
    时间 时段 星期 今天 分钟 小时 步骤 系统 文件 个人 本人 他人 人士 同行 人数 名单 父母 儿童
    成人 长者 香港 地点 接待 屏幕 玻璃 我们 您的 这是 这个 此处 在此 该处 那里 这里 其他 另一
    没有 未能 无法 不能 可以 需要 须由 无须 无需 必须 尚未 已经 正在 即将 暂时 暂停 现在 稍后
    稍候 然后 重新 再次 一次 继续 完成 确认 核对 协助 查询 查看 查阅 处理 办理 申请 领取 取回
    取走 收回 退还 回收 插入 放入 输入 读取 识别 匹配 选择 更改 填写 填表 打印 印在 出示 提供
    使用 前往 前来 带同 轻触 轻按 平放 抬起 保持 对准 面向 看向 朝上 向前 擦干 擦干净 干净 叫号
    叫到 轮候 等候 通知 告知 告诉 发送 储存 保存 保留 开始 结束 响应 回应 失效 生效 备妥 到达
    准时 遗失 损坏 污损 被盗 原因 安排 服务 故障 有效 无效 清楚 不同 相符 正确 以上 以下 之前
    之后 为您 给您 方式 最多 申报 资格 残疾 轮椅 传译 翻译 手语 优先 怀孕 婴儿 语言 中文 英文
    字体 按钮 启动 启用 关闭 开放 职业 国籍 婚姻 性别 出生 上方 下方 下一步 上一页 联系 再试
    机器 机内 妥善 手机
    钥匙 硬币 证套
"""


_WORDS = {Language.TRADITIONAL: _TRADITIONAL, Language.SIMPLIFIED: _SIMPLIFIED}


def kept_together(text: str, language: Language) -> str:
    """Return a text to be painted, whose lines do not end within a word that is known here."""
    if language not in _WORDS:
        return text
    return _pattern(language).sub(lambda found: JOINER.join(found[0]), text)


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    longest_first = sorted(set(_WORDS[language].split()), key=len, reverse=True)
    return re.compile("|".join(longest_first))


def plain(text: str) -> str:
    """Return what a painted text says."""
    return text.replace(JOINER, "")
