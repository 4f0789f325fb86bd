/** What the vendors of the figures answer to a chat: 200 bytes, as the measured peers got it. */
export const chatAnswer = JSON.stringify({
  ...{ id: 'c', object: 'chat.completion', created: 1, model: 'measured' },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Yes.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
})
