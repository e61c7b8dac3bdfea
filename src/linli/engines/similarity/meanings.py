"""Words that mean the same when people say what is wrong: the part spelling cannot show.

“路灯坏了” and “灯不亮” share one character. Each line is one meaning; a text that holds any of its
words holds the meaning. Kept to what residents report, so that the list can be read by eye.
"""

from __future__ import annotations

import re
from functools import lru_cache

# How it is, rather than what it is: said of anything, so that it tells little.
VAGUE = frozenset({"broken", "smell", "clutter"})
_LINES = """
light: 路灯 灯 照明 黑灯 漆黑 摸黑 黑漆漆 很黑 太黑 street light|streetlight|lamp|dark
broken: 坏 不亮 故障 失灵 破损 损坏 不能用 用不了 无法使用 不工作 没反应 罢工 报修 broken|damaged
rubbish: 垃圾 废弃物 脏物 杂物 臭垃圾 没人清 没人收 清运 rubbish|litter|garbage|trash|waste
bin: 垃圾桶 垃圾箱 桶满 满溢 bin|bins
smell: 臭 异味 难闻 气味 味道大 恶臭 smell|stink|stinks
pothole: 坑 坑洼 塌陷 路面破损 路面开裂 裂缝 凹 pothole|potholes|road surface
manhole: 井盖 窨井 下水井 manhole
water: 积水 水坑 淹 内涝 排不出去 flooded|flooding|puddle
leak: 漏水 渗水 滴水 跑水 冒水 水管爆 爆管 leak|leaks|leaking|dripping
sewer: 堵 堵塞 下水道 污水 反水 返水 倒灌 drain|sewage|blocked drain
lift: 电梯 升降梯 轿厢 lift|elevator
parking: 停车 乱停 违停 占道 车位 占车位 挡路 堵路 堵住 parking|parked
firelane: 消防通道 消防车道 生命通道 fire lane
bike: 单车 自行车 电动车 电瓶车 共享单车 bike|bikes|bicycle|e-bike|scooter
charge: 充电 飞线 充电桩 拉线充电 charging|charger
noise: 噪音 噪声 吵 扰民 太响 喧哗 吵闹 睡不着 noise|noisy|loud
building: 施工 工地 装修 打钻 电钻 敲打 construction|drilling
dance: 广场舞 音响 唱歌 卡拉 喇叭 speaker|music
dog: 狗 犬 遛狗 不牵绳 流浪狗 恶犬 dog|dogs|leash
pest: 老鼠 鼠 蟑螂 蚊子 蚊虫 白蚁 rat|rats|cockroach|mosquito
tree: 树 树枝 枯枝 树杈 修剪 倒伏 倒了 tree|trees|branch|branches
door: 单元门 门禁 门锁 大门 关不上 打不开 door|gate|lock
stairs: 楼道 楼梯 过道 走廊 stairwell|stairs|corridor
clutter: 堆放 堆物 堆满 乱堆 占用 堆东西 clutter|piled
heating: 暖气 供暖 供热 不热 冰凉 heating|radiator
nowater: 停水 没水 断水 水压 水小 no water|water pressure
nopower: 停电 没电 断电 跳闸 no power|power cut|blackout
gas: 燃气 煤气 天然气 gas
cable: 电线 线缆 飞线 垂下 乱拉 网线 cable|cables|wire|wires
facade: 外墙 墙皮 脱落 掉砖 瓷砖掉 掉下来 facade|plaster|tiles
fitness: 健身 器材 滑梯 秋千 游乐 fitness|playground|swing|slide
toilet: 公厕 厕所 卫生间 toilet
barrier: 道闸 栏杆 起落杆 抬杆 barrier|bollard
smoke: 油烟 烧烤 烟味 冒烟 smoke|fumes
speed: 减速带 红绿灯 信号灯 斑马线 traffic light|crossing
fee: 收费 物业费 乱收费 涨价 fee|fees|charge too much
advert: 小广告 牛皮癣 张贴 leaflets|posters
"""


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """Return one pattern for all words, longest first, and the meanings of each word.

    A word holds the meanings of those inside it: 垃圾桶 is a bin and about rubbish.
    """
    said: dict[str, list[str]] = {}
    for line in _LINES.strip().splitlines():
        name, _, rest = line.partition(": ")
        english = " ".join(part for part in rest.split(" ") if part.isascii())
        words = [word for word in rest.split(" ") if word and not word.isascii()]
        for word in [*words, *filter(None, english.split("|"))]:
            said.setdefault(word, []).append(name)
    for word, names in said.items():
        if not word.isascii():
            names += [name for part, ones in said.items() if part in word for name in ones]
    unspaced = sorted((word for word in said if not word.isascii()), key=len, reverse=True)
    latin = sorted((word for word in said if word.isascii()), key=len, reverse=True)
    pattern = "|".join(map(re.escape, unspaced)) + r"|\b(?:" + "|".join(map(re.escape, latin))
    return re.compile(pattern + r")\b"), {
        word: tuple(dict.fromkeys(names)) for word, names in said.items()
    }


def meanings_of(plain: str) -> dict[str, str]:
    """Return the meanings a text holds, each with the first word that says so.

    ``plain``: folded as `shingles` folds it.
    """
    pattern, meanings = _words()
    found: dict[str, str] = {}
    for word in pattern.findall(plain):
        for name in meanings[word]:
            found.setdefault(name, word)
    return found
