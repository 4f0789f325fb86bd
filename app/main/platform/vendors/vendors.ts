import type { Vendor as VendorName } from '../../../shared/contracts/keys.ts'
import { aliyun } from './aliyun.ts'
import { openai } from './openai.ts'
import { openAiCompatible } from './openai-compatible.ts'
import { sandboxVendor } from './sandbox.ts'
import type { Vendor } from './vendor.ts'

/** Every vendor that the console can talk to. */
export const vendors: Readonly<Record<VendorName, Vendor>> = {
  openai,
  aliyun,
  'openai-compatible': openAiCompatible,
  sandbox: sandboxVendor,
}
