import type { Translation } from '../catalogue.ts'
import type { common as en } from '../en/common.ts'

export const common: Translation<typeof en> = {
  productName: '驾驶舱',
  loading: '正在加载',
  close: '关闭',
  cancel: '取消',
  copied: '已复制',
  copyNamed: '复制 {name}',
  copyDetails: '复制详情',
  clear: '清除',
  wholePage: '占满整页',
  besideList: '回到列表旁',
  resizeDrawer: '详情宽度',
  selectAll: '全选',
  selectRow: '选择 {name}',
  actions: '操作',
  dismiss: '关闭',
  undo: '撤销',
  typeToConfirm: '输入 {text} 以确认',
  showAll: '全部显示',
  showLess: '收起',
  chartSpan: '{count} 分钟',
  chartTop: '最高 {value}',
  savedTo: '已保存到 {file}',
}
