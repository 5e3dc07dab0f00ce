//! Names that sound like names: a common surname and one or two characters that are often given.

use super::random::Random;
use crate::domain::id_number::Sex;

#[rustfmt::skip]
const SURNAMES: [&str; 48] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "邓", "冯", "韩", "曹", "曾", "彭",
    "萧", "蔡", "潘", "田", "董", "袁", "于", "余", "叶", "蒋", "杜", "苏", "魏", "程", "吕", "丁",
];

#[rustfmt::skip]
const FEMALE: [&str; 40] = [
    "芳", "秀", "英", "娟", "敏", "静", "丽", "艳", "霞", "燕", "玲", "桂", "兰", "红", "梅", "莉",
    "萍", "琴", "雪", "云", "凤", "洁", "琳", "慧", "巧", "美", "娜", "珍", "贞", "莲", "真", "环",
    "雅", "芝", "玉", "菊", "彩", "春", "香", "惠",
];

#[rustfmt::skip]
const MALE: [&str; 40] = [
    "伟", "强", "磊", "军", "勇", "杰", "涛", "超", "明", "刚", "平", "辉", "鹏", "华", "飞", "鑫",
    "波", "斌", "宇", "浩", "凯", "健", "俊", "帆", "建", "国", "文", "志", "德", "福", "永", "安",
    "成", "新", "东", "林", "海", "山", "仁", "贵",
];

/// A surname.
pub(super) fn surname(random: &mut Random) -> &'static str {
    random.pick(&SURNAMES).unwrap_or_default()
}

/// A whole name with that surname.
pub(super) fn name(surname: &str, sex: Sex, random: &mut Random) -> String {
    let given = match sex {
        Sex::Female => &FEMALE,
        Sex::Male => &MALE,
    };
    let first = random.pick(given).unwrap_or_default();
    let second = if random.percent(70) { random.pick(given).unwrap_or_default() } else { "" };
    format!("{surname}{first}{second}")
}
